import LineupFormats
import LineupLearning

/// The settings of a variational autoencoder on the InfoGAN networks.
public struct VariationalOptions: Optimization, Codable, Sendable, Hashable {
  public var batchSize = 64
  public var learningRate = 1e-3
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  /// The largest global norm of a gradient; 0 never clips.
  public var clipNorm = 0.0
  /// The decay of the moving average of the weights; 0 keeps none.
  public var average = 0.995
  /// Dimensions of the code.
  public var latentSize = 64
  /// Widths of the two convolutions, from the image inwards; the decoder mirrors them.
  public var channels = [64, 128]
  /// Width of the fully connected layer; on points of the plane, of the two hidden layers.
  public var hidden = 1024
  /// Weight of the Kullback–Leibler term; 1 is the evidence bound itself.
  public var beta = 1.0
  public var decoderVariance = DecoderVariance.learned

  public init() {}
}
