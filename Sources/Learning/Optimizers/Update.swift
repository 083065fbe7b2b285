import LineupNetworks
import LineupTensors

/// What became of one update of a network.
public struct Update: Sendable {
  /// The loss whose gradient it followed.
  public var loss: Losses.Value
  /// The gradient's norm before clipping; infinite where it was not finite.
  public var norm: Double
  /// Whether the gradient was scaled down to the limit.
  public var clipped: Bool
  /// Whether the update was left out because the gradient was not finite.
  public var skipped: Bool
  /// The rate of the schedule at this step.
  public var learningRate: Double

  /// What became of one update; the norm is that before clipping.
  public init(
    loss: Losses.Value = .absent, norm: Double, clipped: Bool = false, skipped: Bool = false, learningRate: Double
  ) {
    (self.loss, self.norm, self.clipped, self.skipped) = (loss, norm, clipped, skipped)
    self.learningRate = learningRate
  }
}

extension Optimizer {
  /// One update with the gradient clipped to a global norm. A gradient that is not finite is never applied.
  public mutating func update(
    _ model: inout some Module, along gradients: Gradients, learningRate: Double, clippingTo limit: Double?
  ) -> Update {
    let norm = gradients.norm
    guard norm.isFinite else {
      return Update(norm: .infinity, clipped: false, skipped: true, learningRate: learningRate)
    }
    let clips = limit.map { norm > $0 } ?? false
    update(&model, along: gradients, learningRate: Float(learningRate), scale: clips ? Float(limit! / norm) : 1)
    return Update(norm: norm, clipped: clips, skipped: false, learningRate: learningRate)
  }
}
