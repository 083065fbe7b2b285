import LineupDiffusion
import LineupTensors

/// Data from one normal distribution, for which the best network is known in closed form.
struct GaussianData: Sendable {
  let mean = 0.7
  let deviation = 0.3
  let schedule: NoiseSchedule

  /// E[ε | x_t] = √(1−ᾱ)·(x_t − √ᾱ·μ)/(ᾱ·σ² + 1 − ᾱ).
  func noise(_ x: Tensor, _ timesteps: [Float]) -> Tensor {
    let alphaBar = schedule.alphaBar(at: Int(timesteps[0]))
    let factor = (1 - alphaBar).squareRoot() / (alphaBar * deviation * deviation + 1 - alphaBar)
    return x.scaled(by: Float(factor), plus: Float(-factor * alphaBar.squareRoot() * mean))
  }

  /// The ε that leads at once to where the deterministic flow ends: what a consistency model predicts.
  func distilledNoise(_ x: Tensor, _ timesteps: [Float]) -> Tensor {
    let alphaBar = schedule.alphaBar(at: Int(timesteps[0]))
    let slope = deviation / (alphaBar * deviation * deviation + 1 - alphaBar).squareRoot()
    let (signal, noise) = (alphaBar.squareRoot(), (1 - alphaBar).squareRoot())
    // ε = (x − √ᾱ·(μ + slope·(x − √ᾱ·μ)))/√(1 − ᾱ)
    return x.scaled(
      by: Float((1 - signal * slope) / noise), plus: Float(-signal * mean * (1 - slope * signal) / noise))
  }

  /// Mean and deviation of a sampler's samples, without drawing any.
  ///
  /// The network is affine, so the sample is an affine map of the noise that it begins with and of the noise of each call:
  /// one sample for each of these, in which it alone is 1, and one in which all are 0 give the map.
  func law(_ sampler: any Sampler, distilled: Bool = false) -> (mean: Double, deviation: Double) {
    var sampler = sampler
    let calls = sampler.timesteps.count
    let rows = calls + 2
    func unit(_ row: Int) -> Tensor { Tensor((0..<rows).map { $0 == row ? 1 : 0 }, shape: [rows, 1]) }
    var samples = unit(0).scaled(by: sampler.initialDeviation)
    for (call, timestep) in sampler.timesteps.enumerated() {
      let input = sampler.networkInput(samples, call: call)
      let output = distilled ? distilledNoise(input, [timestep]) : noise(input, [timestep])
      samples = sampler.step(output, from: samples, call: call) { unit(call + 1) }
    }
    let values = samples.values.map(Double.init)
    let mean = values[rows - 1]
    return (mean, values.dropLast().reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot())
  }
}
