import LineupLearning
import LineupStrictJSON

/// The settings of a generative adversarial network on the InfoGAN networks, or on plain layers for points.
public struct AdversarialOptions: FamilyOptions {
  /// The name in files.
  public static let title = "adversarial"
  /// What it is, in a sentence.
  public static let summary =
    "A GAN with the non-saturating loss. On images, the InfoGAN networks, without batch normalisation in the "
    + "discriminator; on points, plain layers."

  @Setting(.batchSize) public var batchSize = 64
  @Setting(.learningRate) public var learningRate = 2e-4
  @Setting(.learningRateDecay) public var learningRateDecay = LearningRateSchedule.Decay.constant
  @Setting(.clipNorm) public var clipNorm = 0.0
  @Setting(.average) public var average = 0.995

  @Setting(.number(.above(0, upTo: 10)), "The generator's learning rate, where it differs from learningRate.")
  public var generatorLearningRate: Double? = nil

  @Setting(.number(.above(0, upTo: 10)), "The discriminator's learning rate, where it differs from learningRate.")
  public var discriminatorLearningRate: Double? = nil

  @Setting(.betas) public var betas = [0.5, 0.999]
  @Setting(.integer(1...65536), "How many normal numbers become one sample.") public var latentSize = 64

  @Setting(
    .list(.integer(1...4096), count: 2...2),
    "Widths of the discriminator's two convolutions, from the image inwards; the generator mirrors them.")
  public var channels = [64, 128]

  @Setting(.integer(1...65536), "Width of the fully connected layer in both networks.") public var hidden = 1024

  @Setting(
    .list(.integer(1...65536), count: 1...8),
    "Widths of the hidden layers of both networks where the data are points.")
  public var pointLayers = [128, 128]

  @Setting(
    .number(.from(0)),
    "Weight λ of the penalty λ·E‖∇D(x)‖² on real data (Mescheder, Geiger and Nowozin 2018); 0 is the plain GAN.")
  public var r1 = 0.0

  /// The defaults.
  public init() {}
}
