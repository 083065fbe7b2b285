import LineupTensors

/// Euler's rule down to a lower level than the next one, and noise up to that, as diffusers'
/// `EulerAncestralDiscreteScheduler`. The last step draws noise too, though none of it is added.
struct EulerAncestralScheduler: SigmaScheduler {
  let settings: SchedulerSettings
  let table: SigmaTable

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    try settings.checkSteps(steps)
    self.settings = settings
    table = SigmaTable.fractional(settings, steps: steps)
  }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let (sigma, next) = (table.sigmas[call], table.sigmas[call + 1])
    let slope = (sample - settings.clean(output, sample, sigma: sigma)) / sigma
    let up = (next * next * (sigma * sigma - next * next) / (sigma * sigma)).squareRoot()
    let down = (next * next - up * up).squareRoot()
    return sample + slope * (down - sigma) + noise() * up
  }
}
