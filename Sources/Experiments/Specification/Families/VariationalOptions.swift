import Training

/// How the variance of a VAE's Gaussian decoder comes about.
public enum DecoderVariance: Codable, Sendable, Hashable {
  /// One trained number for all pixels.
  case learned
  /// The batch's mean squared error, which is the best value at each step.
  case optimal
  /// Held at this value, on pixels in [−1, 1].
  case fixed(Double)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let variance = try? container.decode(Double.self) {
      self = .fixed(variance)
      return
    }
    switch try container.decode(String.self) {
    case "learned": self = .learned
    case "optimal": self = .optimal
    case let name:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(name) is neither learned, optimal nor a number")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .learned: try container.encode("learned")
    case .optimal: try container.encode("optimal")
    case .fixed(let variance): try container.encode(variance)
    }
  }
}

/// The settings of a variational autoencoder on the InfoGAN networks.
public struct VariationalOptions: Codable, Sendable, Hashable {
  public var batchSize = 64
  public var learningRate = 1e-3
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  public var clipNorm = 0.0
  public var average = 0.995
  public var latentSize = 64
  /// Widths of the two convolutions, from the image inwards; the decoder mirrors them.
  public var channels = [64, 128]
  /// Width of the fully connected layer.
  public var hidden = 1024
  /// Weight of the Kullback–Leibler term.
  public var beta = 1.0
  public var decoderVariance = DecoderVariance.learned

  public init() {}

  static let record = Record(
    "variational",
    "A VAE whose decoder is the GAN's generator and whose encoder is the GAN's discriminator with another head.",
    defaults: VariationalOptions(),
    fields: Field.optimization + [
      Field("latentSize", .integer(1...65536), "Dimensions of the code."),
      Field(
        "channels", .list(.integer(1...4096), count: 2...2),
        "Widths of the encoder's two convolutions, from the image inwards; the decoder mirrors them."),
      Field("hidden", .integer(1...65536), "Width of the fully connected layer in encoder and decoder."),
      Field("beta", .number(.from(0)), "Weight of the Kullback–Leibler term in the bound; 1 is the bound itself."),
      Field(
        "decoderVariance", .either([.choice(["learned", "optimal"]), .number(.above(0))]),
        "The variance of the Gaussian decoder, on which blur depends: learned as one number, optimal (the batch's own "
          + "squared error; Rybkin, Daniilidis and Levine 2021), or held at a number, for pixels in [−1, 1]."),
    ])
}
