import LineupKernels
import LineupTensors

/// Implicit sampling (Song, Meng and Ermon 2021, equation 12), as diffusers' `DDIMScheduler`.
struct DDIMScheduler: Scheduler {
  private let settings: SchedulerSettings
  private let whole: [Int]
  /// How far below a timestep its step leads; not always the distance to the next one.
  private let stride: Int
  /// The share of the ancestral sampler's noise that each step adds.
  private let eta: Float

  init(_ settings: SchedulerSettings, steps: Int, eta: Float) throws(SchedulerError) {
    try settings.checkSteps(steps)
    self.settings = settings
    self.eta = eta
    whole = try settings.wholeTimesteps(steps: steps)
    stride = settings.noise.timesteps / steps
  }

  var timesteps: [Float] { whole.map(Float.init) }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let previous = whole[call] - stride
    let now = settings.noise.alphaBars[whole[call]]
    let earlier = previous < 0 ? settings.finalAlphaBar : settings.noise.alphaBars[previous]
    let estimate = settings.estimate(output, sample, alphaBar: Double(now))
    let deviation = eta * ((1 - earlier) / (1 - now) * (1 - now / earlier)).squareRoot()
    let next =
      estimate.clean * earlier.squareRoot() + estimate.noise * (1 - earlier - deviation * deviation).squareRoot()
    return eta > 0 ? next + noise() * deviation : next
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    settings.noise.noised(clean, noise: noise, timestep: whole[call])
  }
}
