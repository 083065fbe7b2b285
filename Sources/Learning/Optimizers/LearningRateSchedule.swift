import LineupKernels

/// A learning rate over the share of the budget that was used.
public struct LearningRateSchedule: Sendable, Codable, Equatable {
  /// How the rate falls after the warm-up.
  public enum Decay: String, Sendable, Codable, CaseIterable { case constant, linear, cosine }

  /// The rate after the warm-up.
  public var peak: Double
  /// How the rate falls after the warm-up.
  public var decay: Decay
  /// The share of the budget over which the rate rises linearly from zero.
  public var warmUp: Double
  /// The rate at the end as a share of the peak.
  public var floor: Double

  /// A schedule; warm-up and floor are shares in [0, 1].
  public init(peak: Double, decay: Decay = .constant, warmUp: Double = 0, floor: Double = 0) {
    (self.peak, self.decay, self.warmUp, self.floor) = (peak, decay, warmUp, floor)
  }

  /// The rate at a share in [0, 1].
  public func rate(at progress: Double) -> Double {
    if warmUp > 0, progress < warmUp { return peak * max(progress / warmUp, 1e-3) }
    let rest = min(max((progress - warmUp) / max(1 - warmUp, 1e-9), 0), 1)
    let share =
      switch decay {
      case .constant: 1.0
      case .linear: 1 - rest
      case .cosine: 0.5 * (1 + Double(scalarCos(Float(rest) * .pi)))
      }
    return peak * (floor + (1 - floor) * share)
  }
}
