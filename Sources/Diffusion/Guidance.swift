import LineupFormats
import LineupTensors

/// Classifier-free guidance (Ho and Salimans 2022): predictions pushed away from the unconditional one.
public struct Guidance: Sendable, Hashable {
  /// 1 is the conditional prediction itself, 0 the unconditional one.
  public var scale: Float
  /// φ of Lin et al. 2024, section 3.4: how far the result's deviation is brought back to the conditional one's, in [0, 1].
  public var rescale: Float

  /// Guidance of a scale, with a share of rescaling.
  public init(scale: Float, rescale: Float = 0) {
    self.scale = scale
    self.rescale = rescale
  }

  /// Whether the unconditional prediction matters at all; if not, computing it can be saved.
  public var isActive: Bool { scale != 1 }

  /// u + s·(c − u), rescaled; both predictions have samples along the first axis.
  public func combined(unconditional: Tensor, conditional: Tensor) -> Tensor {
    let guided = unconditional + (conditional - unconditional).scaled(by: scale)
    guard rescale > 0 else { return guided }
    let ratio = Self.deviations(conditional) / Self.deviations(guided)
    return guided * ratio.scaled(by: rescale, plus: 1 - rescale)
  }

  /// The standard deviation over each sample's elements, `[batch, 1, …]`.
  private static func deviations(_ x: Tensor) -> Tensor {
    let axes = Array(1..<x.rank)
    let centred = x - x.mean(overAxes: axes, keepingAxes: true)
    return sqrt(square(centred).mean(overAxes: axes, keepingAxes: true))
  }
}
