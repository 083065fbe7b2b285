import LineupKernels
import LineupTensors

/// Implicit sampling over some of the timesteps (Song, Meng and Ermon 2021, equation 12).
public struct DDIMSampler: DiffusionSampler {
  public let schedule: NoiseSchedule
  public let timesteps: [Int]
  /// The share of the ancestral sampler's noise that each step adds: 0 is deterministic, 1 is ancestral sampling.
  public let eta: Double
  /// Bounds for x̂₀; `nil` leaves it as it is.
  public let clipping: ClosedRange<Float>?
  /// ᾱ of what the last step gives: 1 for a clean picture; Stable Diffusion's own settings leave ᾱ₀.
  public let finalAlphaBar: Double

  public init(
    schedule: NoiseSchedule, timesteps: [Int], eta: Double = 0, clipping: ClosedRange<Float>? = nil,
    finalAlphaBar: Double = 1
  ) {
    require(
      zip(timesteps, timesteps.dropFirst()).allSatisfy { $0 > $1 },
      "a sampler's timesteps must descend, unlike \(timesteps)")
    self.schedule = schedule
    self.timesteps = timesteps
    self.eta = eta
    self.clipping = clipping
    self.finalAlphaBar = finalAlphaBar
  }

  /// A sampler of some steps, spread over the schedule's timesteps.
  public init(
    schedule: NoiseSchedule, steps: Int, spacing: TimestepSpacing = .trailing, eta: Double = 0,
    clipping: ClosedRange<Float>? = nil
  ) {
    self.init(
      schedule: schedule, timesteps: spacing.timesteps(steps: steps, of: schedule.timesteps), eta: eta,
      clipping: clipping)
  }

  public func step(
    _ index: Int, noisy: Tensor, estimate: DenoisingEstimate, noise: () -> Tensor
  ) -> (next: Tensor, clean: Tensor) {
    let (timestep, previous) = (timesteps[index], timestep(after: index))
    let estimate = estimate.clipped(to: clipping)
    let now = schedule.alphaBar(at: timestep)
    let earlier = previous < 0 ? finalAlphaBar : schedule.alphaBar(at: previous)
    let sigma = eta * ((1 - earlier) / (1 - now) * (1 - now / earlier)).squareRoot()
    let next =
      estimate.clean.scaled(by: Float(earlier.squareRoot()))
      + estimate.noise.scaled(by: Float(max(1 - earlier - sigma * sigma, 0).squareRoot()))
    return (sigma > 0 ? next + noise().scaled(by: Float(sigma)) : next, estimate.clean)
  }
}
