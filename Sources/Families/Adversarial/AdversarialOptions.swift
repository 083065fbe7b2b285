import LineupFormats
import LineupLearning

/// The settings of a generative adversarial network on the InfoGAN networks, or on plain layers for points.
public struct AdversarialOptions: Optimization, Codable, Sendable, Hashable {
  public var batchSize = 64
  public var learningRate = 2e-4
  public var learningRateDecay = LearningRateSchedule.Decay.constant
  /// The largest global norm of a gradient; 0 never clips.
  public var clipNorm = 0.0
  /// The decay of the moving average of the generator's weights; 0 keeps none.
  public var average = 0.995
  /// Where given, the generator's learning rate instead of `learningRate`.
  public var generatorLearningRate: Double?
  /// Where given, the discriminator's learning rate instead of `learningRate`.
  public var discriminatorLearningRate: Double?
  /// Adam's decay rates of the first and second moment, in both networks.
  public var betas = [0.5, 0.999]
  /// Numbers drawn for each picture.
  public var latentSize = 64
  /// Widths of the two convolutions, from the image inwards; the generator mirrors them.
  public var channels = [64, 128]
  /// Width of the fully connected layer.
  public var hidden = 1024
  /// Widths of the hidden layers of both networks on points of the plane.
  public var pointLayers = [128, 128]
  /// Weight λ of the penalty λ·E‖∇D(x)‖² on real data; 0 is the plain GAN.
  public var r1 = 0.0

  public init() {}
}
