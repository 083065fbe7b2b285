import LineupNetworks
import LineupTensors

/// What became of one update.
public struct UpdateReport: Sendable {
  /// The gradient's norm before clipping; infinite when it was not finite.
  public var norm: Double
  public var clipped: Bool
  /// Whether the update was left out because the gradient was not finite.
  public var skipped: Bool
}

extension Optimizer {
  /// One update with the gradient clipped to a global norm. A gradient that is not finite is never applied.
  public mutating func update(
    _ model: inout some Module, along gradients: Gradients, learningRate: Float, clippingTo limit: Double?
  ) -> UpdateReport {
    let norm = gradients.norm
    guard norm.isFinite else { return UpdateReport(norm: .infinity, clipped: false, skipped: true) }
    let clips = limit.map { norm > $0 } ?? false
    update(&model, along: gradients, learningRate: learningRate, scale: clips ? Float(limit! / norm) : 1)
    return UpdateReport(norm: norm, clipped: clips, skipped: false)
  }
}

/// The value of a loss for a report: the number, or infinity when it is not finite (a report's NaN means "not computed").
public func reported(_ loss: Tensor) -> Double {
  let value = Double(loss.scalar)
  return value.isFinite ? value : .infinity
}
