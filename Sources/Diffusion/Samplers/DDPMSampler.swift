import LineupTensors

/// Ancestral sampling (Ho, Jain and Abbeel 2020, algorithm 2), over all timesteps or some of them.
///
/// Without clipping, the mean is their (x − β/√(1−ᾱ)·ε̂)/√α, written through x̂₀ because that stays exact where ᾱ is tiny.
public struct DDPMSampler: DiffusionSampler {
  /// The variance of the noise that each step adds.
  public enum Variance: Sendable {
    /// β̃, the posterior's own.
    case posterior
    /// β, the forward process's.
    case forward
  }

  public let schedule: NoiseSchedule
  public let timesteps: [Int]
  public let variance: Variance
  /// Bounds for x̂₀; `nil` leaves it as it is.
  public let clipping: ClosedRange<Float>?

  /// - Parameter timesteps: where absent, every one of the schedule's.
  public init(
    schedule: NoiseSchedule, timesteps: [Int]? = nil, variance: Variance = .posterior,
    clipping: ClosedRange<Float>? = nil
  ) {
    self.schedule = schedule
    self.timesteps = timesteps ?? (0..<schedule.timesteps).reversed()
    self.variance = variance
    self.clipping = clipping
  }

  public func step(
    _ index: Int, noisy: Tensor, estimate: DenoisingEstimate, noise: () -> Tensor
  ) -> (next: Tensor, clean: Tensor) {
    let (timestep, previous) = (timesteps[index], timestep(after: index))
    let clean = estimate.clipped(to: clipping).clean
    let (now, earlier) = (schedule.alphaBar(at: timestep), schedule.alphaBar(at: previous))
    let alpha = now / earlier
    let beta = 1 - alpha
    let mean =
      clean.scaled(by: Float(earlier.squareRoot() * beta / (1 - now)))
      + noisy.scaled(by: Float(alpha.squareRoot() * (1 - earlier) / (1 - now)))
    guard previous >= 0 else { return (mean, clean) }
    let variance = variance == .posterior ? schedule.posteriorVariance(at: timestep, to: previous) : beta
    return (mean + noise().scaled(by: Float(variance.squareRoot())), clean)
  }
}
