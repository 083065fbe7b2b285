import Foundation

/// The noise levels σ of a trajectory, and the timesteps that the network is told at them.
struct SigmaTable: Sendable {
  /// What the last step leads to. [final_sigmas_type]
  enum Final: String, CaseIterable {
    case zero
    case minimum = "sigma_min"
  }

  /// One more than there are steps; descending.
  private(set) var sigmas: [Float]
  /// One for each step.
  private(set) var timesteps: [Float]

  /// For Euler's and Heun's rules: timesteps may have fractions, and Karras levels span the chosen timesteps' levels.
  static func fractional(_ settings: SchedulerSettings, steps: Int) -> SigmaTable {
    let trained = settings.noise.sigmas
    var timesteps = settings.spacing.positions(steps: steps, of: trained.count, offset: settings.offset).map(Float.init)
    var sigmas = timesteps.map { interpolated(trained, at: Double($0)) }
    if settings.karras {
      sigmas = karras(
        from: settings.sigmaMaximum ?? sigmas[0], to: settings.sigmaMinimum ?? sigmas[steps - 1], steps: steps)
      timesteps = sigmas.map { Float(timestep(of: $0, trained)) }
    }
    let last = settings.finalSigma == .zero ? 0 : trained[0]
    return SigmaTable(sigmas: sigmas.map(Float.init) + [last], timesteps: timesteps)
  }

  /// For multistep solvers: whole timesteps, counted as if there were one step more, which `trailing` does not need, and
  /// Karras levels over all of training.
  static func whole(_ settings: SchedulerSettings, steps: Int) -> SigmaTable {
    let trained = settings.noise.sigmas
    let extra = settings.spacing == .trailing ? 0 : 1
    let positions = settings.spacing.positions(steps: steps + extra, of: trained.count, offset: settings.offset)
    var timesteps = positions.prefix(steps).map { $0.rounded(.toNearestOrEven) }
    var sigmas = timesteps.map { interpolated(trained, at: $0) }
    var last = trained[0]
    if settings.karras || settings.lu {
      let (most, least) = (
        settings.sigmaMaximum ?? Double(trained[trained.count - 1]), settings.sigmaMinimum ?? Double(trained[0])
      )
      sigmas = settings.karras ? karras(from: most, to: least, steps: steps) : lu(trained, steps: steps)
      timesteps = sigmas.map {
        let timestep = timestep(of: $0, trained)
        return settings.roundsTimesteps ? timestep.rounded(.toNearestOrEven) : timestep.rounded(.down)
      }
      if settings.endsInItsOwnMinimum { last = Float(sigmas[steps - 1]) }
    }
    return SigmaTable(
      sigmas: sigmas.map(Float.init) + [settings.finalSigma == .zero ? 0 : last], timesteps: timesteps.map(Float.init))
  }

  /// A level for each network call of a rule that looks at every level but the first twice.
  func withRepeatedLevels() -> SigmaTable {
    let inner = sigmas.dropFirst().dropLast().flatMap { [$0, $0] }
    return SigmaTable(
      sigmas: [sigmas[0]] + inner + [sigmas[sigmas.count - 1]],
      timesteps: [timesteps[0]] + timesteps.dropFirst().flatMap { [$0, $0] })
  }

  /// The deviation of noise that stands for the first sample: σ of the first step where it is the last timestep of
  /// training, else what signal and noise have together.
  func initialDeviation(_ spacing: TimestepSpacing) -> Float {
    let largest = sigmas.max()!
    return spacing == .leading ? (largest * largest + 1).squareRoot() : largest
  }

  /// A level between timesteps, linear between its neighbours and constant beyond the ends.
  private static func interpolated(_ levels: [Float], at timestep: Double) -> Double {
    guard timestep > 0 else { return Double(levels[0]) }
    guard timestep < Double(levels.count - 1) else { return Double(levels[levels.count - 1]) }
    let below = Int(timestep)
    let (low, high) = (Double(levels[below]), Double(levels[below + 1]))
    return (high - low) * (timestep - Double(below)) + low
  }

  /// Karras et al. 2022, equation 5, with ρ = 7.
  private static func karras(from most: Double, to least: Double, steps: Int) -> [Double] {
    let (first, last) = (pow(most, 1 / 7), pow(least, 1 / 7))
    return (0..<steps).map { step in
      pow(first + Double(step) / Double(max(steps - 1, 1)) * (last - first), 7)
    }
  }

  /// Equal steps of ln σ (Lu et al. 2022).
  private static func lu(_ trained: [Float], steps: Int) -> [Double] {
    let (first, last) = (Double(log(trained[trained.count - 1])), Double(log(trained[0])))
    return (0..<steps).map { exp(first + Double($0) / Double(max(steps - 1, 1)) * (last - first)) }
  }

  /// The timestep, with a fraction, whose ln σ is that of a level.
  private static func timestep(of sigma: Double, _ trained: [Float]) -> Double {
    let logarithm = log(max(sigma, 1e-10))
    let logarithms = trained.map { Double(log($0)) }
    let below = min(max(logarithms.count(where: { $0 <= logarithm }) - 1, 0), trained.count - 2)
    let share = (logarithms[below] - logarithm) / (logarithms[below] - logarithms[below + 1])
    return Double(below) + min(max(share, 0), 1)
  }
}
