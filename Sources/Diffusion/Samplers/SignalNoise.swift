import Foundation

/// A noise level in the terms of solvers for diffusion equations (Lu et al. 2022): unit variance is split into signal and
/// noise.
struct SignalNoise: Sendable {
  /// α = √ᾱ.
  let signal: Double
  /// √(1 − ᾱ).
  let noise: Double
  /// λ = ln α − ln √(1 − ᾱ): half the logarithm of the signal-to-noise ratio; +∞ without noise.
  let lambda: Double

  /// The level at which noise has deviation σ where the signal is left unscaled.
  init(sigma: Double) {
    signal = 1 / (sigma * sigma + 1).squareRoot()
    noise = sigma * signal
    lambda = log(signal) - log(noise)
  }

  /// ᾱ, for conversions of the network's output.
  var alphaBar: Double { signal * signal }
}
