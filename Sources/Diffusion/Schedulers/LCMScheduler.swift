import LineupTensors

/// Multistep sampling of latent consistency models (Luo et al. 2023, algorithm 3), as diffusers' `LCMScheduler`: each call
/// gives a clean sample, which is noised again to the next timestep.
struct LCMScheduler: Scheduler {
  private let settings: SchedulerSettings
  private let whole: [Int]

  init(_ settings: SchedulerSettings, steps: Int) throws(SchedulerError) {
    let grid = settings.originalSteps
    try settings.checkSteps(steps, most: grid)
    self.settings = settings
    let stride = settings.noise.timesteps / grid
    whole = (0..<steps).map { step in
      (grid - Int(Double(step) * (Double(grid) / Double(steps)))) * stride - 1
    }
    try settings.check(whole)
  }

  var timesteps: [Float] { whole.map(Float.init) }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let alphaBar = settings.noise.alphaBars[whole[call]]
    let clean = settings.estimate(output, sample, alphaBar: Double(alphaBar)).clean
    // Equation 9 of the paper with its data deviation of ½: at timestep 0 the sample itself is the answer.
    let (scaled, variance) = (Float(whole[call]) * settings.timestepScaling, Float(0.25))
    let sum = scaled * scaled + variance
    let denoised = clean * (scaled / sum.squareRoot()) + sample * (variance / sum)
    guard call + 1 < whole.count else { return denoised }
    return settings.noise.noised(denoised, noise: noise(), timestep: whole[call + 1])
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor {
    settings.noise.noised(clean, noise: noise, timestep: whole[call])
  }
}
