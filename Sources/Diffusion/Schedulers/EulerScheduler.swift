import LineupTensors

/// Euler's rule on dx/dσ = (x − x̂₀)/σ (Karras et al. 2022, algorithm 1 without its corrections), as diffusers'
/// `EulerDiscreteScheduler`.
struct EulerScheduler: SigmaScheduler {
  let settings: SchedulerSettings
  let table: SigmaTable

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    try settings.checkSteps(steps)
    self.settings = settings
    table = SigmaTable.fractional(settings, steps: steps)
  }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let sigma = table.sigmas[call]
    let slope = (sample - settings.clean(output, sample, sigma: sigma)) / sigma
    return sample + slope * (table.sigmas[call + 1] - sigma)
  }
}

/// Rules over samples whose signal is unscaled and whose noise has deviation σ.
protocol SigmaScheduler: Scheduler {
  var settings: SchedulerSettings { get }
  /// Levels for each call.
  var table: SigmaTable { get }
}

extension SigmaScheduler {
  var timesteps: [Float] { table.timesteps }
  var initialDeviation: Float { table.initialDeviation(settings.spacing) }

  /// The network was trained on samples of unit variance.
  func networkInput(_ sample: Tensor, call: Int) -> Tensor {
    sample / (table.sigmas[call] * table.sigmas[call] + 1).squareRoot()
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor { clean + noise * table.sigmas[call] }
}
