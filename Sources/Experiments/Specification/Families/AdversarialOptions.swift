import Training

/// The settings of a generative adversarial network on the InfoGAN networks, or on plain layers for points.
public struct AdversarialOptions: Codable, Sendable, Hashable {
  public var batchSize = 64
  public var learningRate = 2e-4
  public var learningRateDecay = LearningRateSchedule.Decay.constant
  public var clipNorm = 0.0
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

  static let record = Record(
    "adversarial",
    "A GAN with the non-saturating loss. On images, the InfoGAN networks, without batch normalisation in the "
      + "discriminator; on points, plain layers.",
    defaults: AdversarialOptions(),
    fields: Field.optimization + [
      Field(
        "generatorLearningRate", .number(.above(0, upTo: 10)),
        "The generator's learning rate, where it differs from learningRate."),
      Field(
        "discriminatorLearningRate", .number(.above(0, upTo: 10)),
        "The discriminator's learning rate, where it differs from learningRate."),
      Field(
        "betas", .list(.number(.from(0, below: 1)), count: 2...2),
        "Adam's decay rates of the first and the second moment, in both networks."),
      Field("latentSize", .integer(1...65536), "How many normal numbers become one sample."),
      Field(
        "channels", .list(.integer(1...4096), count: 2...2),
        "Widths of the discriminator's two convolutions, from the image inwards; the generator mirrors them."),
      Field("hidden", .integer(1...65536), "Width of the fully connected layer in both networks."),
      Field(
        "pointLayers", .list(.integer(1...65536), count: 1...8),
        "Widths of the hidden layers of both networks where the data are points."),
      Field(
        "r1", .number(.from(0)),
        "Weight λ of the penalty λ·E‖∇D(x)‖² on real data (Mescheder, Geiger and Nowozin 2018); 0 is the plain GAN."),
    ])
}
