import LineupLearning
import LineupStrictJSON

/// The settings of a variational autoencoder on the InfoGAN networks, or on plain layers for points.
public struct VariationalOptions: FamilyOptions {
  /// The name in files.
  public static let title = "variational"
  /// What it is, in a sentence.
  public static let summary =
    "A VAE whose decoder is the GAN's generator and whose encoder is the GAN's discriminator with another head; on "
    + "points, plain layers."

  @Setting(.batchSize) public var batchSize = 64
  @Setting(.learningRate) public var learningRate = 1e-3
  @Setting(.learningRateDecay) public var learningRateDecay = LearningRateSchedule.Decay.cosine
  @Setting(.clipNorm) public var clipNorm = 0.0
  @Setting(.average) public var average = 0.995

  @Setting(.integer(1...65536), "Dimensions of the code.") public var latentSize = 64

  @Setting(
    .list(.integer(1...4096), count: 2...2),
    "Widths of the encoder's two convolutions, from the image inwards; the decoder mirrors them.")
  public var channels = [64, 128]

  @Setting(
    .integer(1...65536),
    "Width of the fully connected layer in encoder and decoder; on points, of the two hidden layers of each.")
  public var hidden = 1024

  @Setting(.number(.from(0)), "Weight of the Kullback–Leibler term in the bound; 1 is the bound itself.")
  public var beta = 1.0

  @Setting(
    .either([.choice(["learned", "optimal"]), .number(.above(0))]),
    "The variance of the Gaussian decoder, on which blur depends: learned as one number, optimal (the batch's own "
      + "squared error; Rybkin, Daniilidis and Levine 2021), or held at a number, for pixels in [−1, 1].")
  public var decoderVariance = DecoderVariance.learned

  /// The defaults.
  public init() {}
}
