import Tensors

/// A table of vectors looked up by index.
public struct Embedding: Module {
  /// `[count, width]`.
  public var weight: Tensor

  public init(_ count: Int, width: Int, initializer: Initializer = .normal(deviation: 0.02), random: inout RandomStream)
  {
    weight = initializer([count, width], fanIn: width, &random)
  }

  /// The vectors of some indices, `[indices.count, width]`.
  public func callAsFunction(_ indices: [Int32]) -> Tensor { weight.gatheredRows(indices) }

  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("weight", &weight) }
}

/// Which half of a sinusoidal embedding comes first: the sines (the annotated diffusion notebook) or the cosines
/// (Stable Diffusion, `flip_sin_to_cos`).
public enum SinusoidOrder: Sendable { case sineFirst, cosineFirst }

/// The sinusoidal embedding of times, `[times.count, width]`: frequencies exp(−ln(10000) · i / (half − shift)).
/// `shift` is 1 in the annotated notebook and 0 in Stable Diffusion.
public func sinusoidalEmbedding(_ times: [Float], width: Int, order: SinusoidOrder, shift: Float) -> Tensor {
  let half = width / 2
  let frequencies = exp(
    Tensor((0..<half).map { -9.210_340_37 * Float($0) / (Float(half) - shift) }, shape: [1, half]))
  let angles = Tensor(times, shape: [times.count, 1]) * frequencies
  let parts = order == .sineFirst ? [sin(angles), cos(angles)] : [cos(angles), sin(angles)]
  return concatenated(parts, along: 1)
}
