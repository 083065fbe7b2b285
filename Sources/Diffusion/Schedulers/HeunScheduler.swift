import LineupTensors

/// Heun's rule (Karras et al. 2022, algorithm 1 without noise), as diffusers' `HeunDiscreteScheduler`: every step but the
/// last looks at its end too and takes the mean of both slopes.
struct HeunScheduler: SigmaScheduler {
  let settings: SchedulerSettings
  let table: SigmaTable
  /// What the first call of a step found.
  private var pending: (start: Tensor, slope: Tensor, length: Float)?

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    try settings.checkSteps(steps)
    self.settings = settings
    table = SigmaTable.fractional(settings, steps: steps).withRepeatedLevels()
  }

  var callsPerStep: Int { 2 }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let sigma = table.sigmas[call]
    let slope = (sample - settings.clean(output, sample, sigma: sigma)) / sigma
    if let (start, first, length) = pending {
      pending = nil
      return start + (first + slope) * (0.5 * length)
    }
    let length = table.sigmas[call + 1] - sigma
    pending = (sample, slope, length)
    return sample + slope * length
  }
}
