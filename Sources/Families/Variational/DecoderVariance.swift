/// How the variance of a VAE's Gaussian decoder comes about. It stands in files as `"learned"`, `"optimal"` or a number.
public enum DecoderVariance: Codable, Sendable, Hashable {
  /// One trained number for all pixels.
  case learned
  /// The batch's mean squared error, which is the best value at each step.
  case optimal
  /// Held at this value, on pixels in [−1, 1].
  case fixed(Double)

  /// A word, or a number above zero.
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

  /// The word or the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .learned: try container.encode("learned")
    case .optimal: try container.encode("optimal")
    case .fixed(let variance): try container.encode(variance)
    }
  }
}
