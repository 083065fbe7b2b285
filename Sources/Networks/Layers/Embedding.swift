import LineupKernels
import LineupTensors

/// A table of vectors looked up by index.
public struct Embedding: Module {
  /// `[count, width]`.
  public var weight: Tensor

  /// A table of `count` vectors of the given width.
  public init(_ count: Int, width: Int, initializer: Initializer = .normal(deviation: 0.02), random: inout RandomStream)
  {
    weight = initializer([count, width], fanIn: width, &random)
  }

  /// The vectors of some indices, `[indices.count, width]`.
  public func callAsFunction(_ indices: [Int32]) -> Tensor { weight.gatheredRows(indices) }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("weight", &weight) }
}

/// Which half of a sinusoidal embedding comes first: the sines (the annotated diffusion notebook) or the cosines
/// (Stable Diffusion, `flip_sin_to_cos`).
public enum SinusoidOrder: Sendable, Hashable { case sineFirst, cosineFirst }

/// The sinusoidal embedding of times, `[times.count, width]`: frequencies exp(−ln(10000) · i / (half − shift)). An odd width
/// leaves a last column of zeros. `shift` is 1 in the annotated notebook and 0 in Stable Diffusion.
public func sinusoidalEmbedding(_ times: [Float], width: Int, order: SinusoidOrder, shift: Float) -> Tensor {
  let half = width / 2
  let frequencies = (0..<half).map { scalarExp(-9.210_340_37 * Float($0) / (Float(half) - shift)) }
  return sinesAndCosines(order: order, width: width, rows: times.count) { times[$0] * frequencies[$1] }
}

/// Rows of sines and cosines, `[rows, width]`, of the angle at each row and index below `width / 2`. Angles go into the
/// thousands, so that these few numbers are worth the C library's reduction of them.
func sinesAndCosines(
  order: SinusoidOrder, width: Int, rows: Int, angle: (_ row: Int, _ index: Int) -> Float
) -> Tensor {
  let half = width / 2
  let (sines, cosines) = order == .sineFirst ? (0, half) : (half, 0)
  return Tensor(shape: [rows, width]) { out in
    out.initialize(repeating: 0)
    for row in 0..<rows {
      for index in 0..<half {
        let angle = angle(row, index)
        out[row * width + sines + index] = scalarSin(angle)
        out[row * width + cosines + index] = scalarCos(angle)
      }
    }
  }
}
