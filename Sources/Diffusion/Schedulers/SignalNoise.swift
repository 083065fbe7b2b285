import Foundation
import LineupTensors

/// A noise level in the terms of solvers for diffusion equations (Lu et al. 2022): unit variance is split into signal and
/// noise.
struct SignalNoise: Sendable {
  /// α = √ᾱ.
  let signal: Float
  /// √(1 − ᾱ).
  let noise: Float
  /// λ = ln α − ln √(1 − ᾱ): half the logarithm of the signal-to-noise ratio; +∞ without noise.
  let lambda: Float
  /// ᾱ, for conversions of the network's output.
  let alphaBar: Double

  /// The level at which noise has deviation σ where the signal is left unscaled.
  init(sigma: Float) {
    signal = 1 / (sigma * sigma + 1).squareRoot()
    noise = sigma * signal
    lambda = log(signal) - log(noise)
    alphaBar = 1 / (1 + Double(sigma) * Double(sigma))
  }
}

/// Multistep rules over samples of unit variance at noise levels.
protocol SolverScheduler: Scheduler {
  var table: SigmaTable { get }
  /// `table.sigmas` as signal and noise.
  var levels: [SignalNoise] { get }
}

extension SolverScheduler {
  var timesteps: [Float] { table.timesteps }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    clean * levels[call].signal + noise * levels[call].noise
  }
}

extension SchedulerSettings {
  /// Throws where there are fewer timesteps than a multistep solver visits.
  func checkSolverSteps(_ steps: Int) throws(SchedulerError) {
    // All spacings but trailing count one step more and leave the last one out.
    try checkSteps(steps, most: spacing == .trailing ? noise.timesteps : noise.timesteps - 1)
  }
}
