import LineupFormats
import LineupTensors

/// Multistep sampling of latent consistency models (Luo et al. 2023, algorithm 3): each call gives a clean sample, which is
/// noised again to the next timestep. Networks that were not distilled for it give samples that vary too little.
struct LCM: TimestepSampler {
  let settings: SamplerSettings
  let visited: [Int]

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    let grid = settings.originalSteps
    try settings.checkSteps(steps, most: grid)
    self.settings = settings
    let stride = settings.noise.timesteps / grid
    visited = (0..<steps).map { step in
      (grid - Int(Double(step) * (Double(grid) / Double(steps)))) * stride - 1
    }
    try settings.check(visited)
  }

  func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let clean = settings.estimate(output, sample, alphaBar: settings.noise.alphaBar(at: visited[call])).clean
    // Equation 9 of the paper with its data deviation of ½: at timestep 0 the sample itself is the answer.
    let (scaled, variance) = (Double(visited[call]) * settings.timestepScaling, 0.25)
    let sum = scaled * scaled + variance
    let denoised = clean.weighted(scaled / sum.squareRoot()) + sample.weighted(variance / sum)
    return call + 1 < visited.count ? noised(denoised, noise: noise(), call: call + 1) : denoised
  }
}

extension SamplerRule {
  /// Latent consistency models, as diffusers' `LCMScheduler`.
  public static let lcm = SamplerRule(
    "lcm", className: "LCMScheduler",
    Traits(takesSpacing: false, betas: (0.00085, 0.012, .scaledLinear), clips: false),
    read: { reader, settings in
      let timesteps = settings.noise.timesteps
      settings.originalSteps = reader.integer(
        "original_inference_steps", default: min(50, timesteps), in: 1...timesteps)
      settings.timestepScaling = Double(reader.number("timestep_scaling", default: 10))
    },
    make: { settings, steps throws(SamplerError) in try LCM(settings, steps: steps) })
}
