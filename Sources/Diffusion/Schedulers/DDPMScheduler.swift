import Foundation
import LineupTensors

/// Ancestral sampling over some of the timesteps (Ho et al. 2020, algorithm 2), as diffusers' `DDPMScheduler`.
struct DDPMScheduler: Scheduler {
  private let settings: SchedulerSettings
  private let whole: [Int]

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    try settings.checkSteps(steps)
    self.settings = settings
    whole = try settings.wholeTimesteps(steps: steps)
  }

  var timesteps: [Float] { whole.map(Float.init) }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let now = settings.noise.alphaBars[whole[call]]
    let earlier = call + 1 < whole.count ? settings.noise.alphaBars[whole[call + 1]] : 1
    let alpha = now / earlier
    let beta = 1 - alpha
    let clean = settings.estimate(output, sample, alphaBar: Double(now)).clean
    let mean =
      clean * (earlier.squareRoot() * beta / (1 - now)) + sample * (alpha.squareRoot() * (1 - earlier) / (1 - now))
    // Timestep 0 is the only one after which diffusers adds nothing and draws nothing.
    guard whole[call] > 0 else { return mean }
    let variance = max((1 - earlier) / (1 - now) * beta, 1e-20)
    let deviation =
      switch settings.variance {
      case .small: variance.squareRoot()
      case .smallLogarithm: exp(0.5 * log(variance))
      case .large: beta.squareRoot()
      }
    return mean + noise() * deviation
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    settings.noise.noised(clean, noise: noise, timestep: whole[call])
  }
}
