import Foundation

/// The noise levels σ of a trajectory, and the timesteps that the network is told at them.
struct SigmaTable: Sendable {
  /// What the last step leads to. [final_sigmas_type]
  enum Final: String, CaseIterable {
    case zero
    case minimum = "sigma_min"
  }

  /// One more than there are steps; descending.
  private(set) var sigmas: [Double]
  /// One for each step.
  private(set) var timesteps: [Float]

  private init(_ settings: SamplerSettings, sigmas: [Double], last: Double, timesteps: [Float]) {
    let last = settings.finalSigma == .zero ? 0 : last
    self.sigmas = sigmas.map { settings.noise.rounding($0) } + [last]
    self.timesteps = timesteps
  }

  /// For Euler's and Heun's rules: timesteps may have fractions, and Karras levels span the chosen timesteps' levels.
  static func fractional(_ settings: SamplerSettings, steps: Int) throws(SamplerError) -> SigmaTable {
    try settings.checkSteps(steps)
    let trained = settings.noise.sigmas
    var timesteps = settings.spacing.positions(
      steps: steps, of: trained.count, offset: settings.offset, settings.noise.rounding
    ).map(Float.init)
    var sigmas = timesteps.map { interpolated(trained, at: Double($0)) }
    if settings.levels == .karras {
      sigmas = karras(
        from: settings.sigmaMaximum ?? sigmas[0], to: settings.sigmaMinimum ?? sigmas[steps - 1], steps: steps)
      timesteps = sigmas.map { Float(timestep(of: $0, trained)) }
    }
    return SigmaTable(settings, sigmas: sigmas, last: trained[0], timesteps: timesteps)
  }

  /// For multistep solvers: whole timesteps, counted as if there were one step more, which `trailing` does not need, and
  /// Karras levels over all of training.
  static func whole(_ settings: SamplerSettings, steps: Int) throws(SamplerError) -> SigmaTable {
    let trained = settings.noise.sigmas
    let extra = settings.spacing == .trailing ? 0 : 1
    try settings.checkSteps(steps, most: trained.count - extra)
    let positions = settings.spacing.positions(
      steps: steps + extra, of: trained.count, offset: settings.offset, settings.noise.rounding)
    var timesteps = positions.prefix(steps).map { $0.rounded(.toNearestOrEven) }
    var sigmas = timesteps.map { interpolated(trained, at: $0) }
    var last = trained[0]
    if settings.levels != .timesteps {
      let (most, least) = (
        settings.sigmaMaximum ?? trained[trained.count - 1], settings.sigmaMinimum ?? trained[0]
      )
      sigmas = settings.levels == .karras ? karras(from: most, to: least, steps: steps) : lu(trained, steps: steps)
      timesteps = sigmas.map {
        timestep(of: $0, trained).rounded(settings.roundsTimesteps ? .toNearestOrEven : .down)
      }
      if settings.endsInItsOwnMinimum { last = settings.noise.rounding(sigmas[steps - 1]) }
    }
    return SigmaTable(settings, sigmas: sigmas, last: last, timesteps: timesteps.map(Float.init))
  }

  /// A level for each network call of a rule that looks at every level but the first twice.
  func withRepeatedLevels() -> SigmaTable {
    var repeated = self
    repeated.sigmas = [sigmas[0]] + sigmas.dropFirst().dropLast().flatMap { [$0, $0] } + sigmas.suffix(1)
    repeated.timesteps = [timesteps[0]] + timesteps.dropFirst().flatMap { [$0, $0] }
    return repeated
  }

  /// The deviation of noise that stands for the first sample: what signal and noise have together; diffusers takes σ of the
  /// first step alone where that is the last timestep of training.
  func initialDeviation(_ settings: SamplerSettings) -> Double {
    let largest = sigmas.max()!
    let isWhole = settings.spacing == .leading || settings.noise.rounding == .exact
    return isWhole ? (largest * largest + 1).squareRoot() : largest
  }

  /// A level between timesteps, linear between its neighbours and constant beyond the ends.
  private static func interpolated(_ levels: [Double], at timestep: Double) -> Double {
    guard timestep > 0 else { return levels[0] }
    guard timestep < Double(levels.count - 1) else { return levels[levels.count - 1] }
    let below = Int(timestep)
    return (levels[below + 1] - levels[below]) * (timestep - Double(below)) + levels[below]
  }

  /// Karras et al. 2022, equation 5, with ρ = 7.
  private static func karras(from most: Double, to least: Double, steps: Int) -> [Double] {
    let (first, last) = (pow(most, 1 / 7), pow(least, 1 / 7))
    return (0..<steps).map { step in
      pow(first + Double(step) / Double(max(steps - 1, 1)) * (last - first), 7)
    }
  }

  /// Equal steps of ln σ (Lu et al. 2022).
  private static func lu(_ trained: [Double], steps: Int) -> [Double] {
    let (first, last) = (log(trained[trained.count - 1]), log(trained[0]))
    return (0..<steps).map { exp(first + Double($0) / Double(max(steps - 1, 1)) * (last - first)) }
  }

  /// The timestep, with a fraction, whose ln σ is that of a level.
  private static func timestep(of sigma: Double, _ trained: [Double]) -> Double {
    let logarithm = log(max(sigma, 1e-10))
    let logarithms = trained.map { log($0) }
    let below = min(max(logarithms.count(where: { $0 <= logarithm }) - 1, 0), trained.count - 2)
    let share = (logarithms[below] - logarithm) / (logarithms[below] - logarithms[below + 1])
    return Double(below) + min(max(share, 0), 1)
  }
}
