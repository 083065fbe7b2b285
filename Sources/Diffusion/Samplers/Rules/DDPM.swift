import LineupFormats
import LineupTensors

/// Ancestral sampling (Ho, Jain and Abbeel 2020, algorithm 2), over all timesteps or some of them.
///
/// Without bounds, the mean is their (x − β/√(1−ᾱ)·ε̂)/√α, written through x̂₀ because that stays exact where ᾱ is tiny.
struct DDPM: TimestepSampler {
  let settings: SamplerSettings
  let visited: [Int]

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    visited = try settings.visited(steps: steps)
  }

  func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let previous = call + 1 < visited.count ? visited[call + 1] : -1
    let (now, earlier) = (settings.noise.alphaBar(at: visited[call]), settings.noise.alphaBar(at: previous))
    let alpha = now / earlier
    let beta = 1 - alpha
    let clean = settings.estimate(output, sample, alphaBar: now).clean
    let mean =
      clean.weighted(earlier.squareRoot() * beta / (1 - now))
      + sample.weighted(alpha.squareRoot() * (1 - earlier) / (1 - now))
    // Timestep 0 is the only one after which diffusers adds nothing and draws nothing.
    guard visited[call] > 0 else { return mean }
    let posterior = max(settings.noise.posteriorVariance(at: visited[call], to: previous), 1e-20)
    return mean + noise().weighted((settings.variance == .large ? beta : posterior).squareRoot())
  }
}

extension SamplerRule {
  /// Ho, Jain and Abbeel 2020, as diffusers' `DDPMScheduler`.
  public static let ddpm = SamplerRule(
    "ddpm", className: "DDPMScheduler", Traits(visitsEveryTimestep: true, knowsSigmoid: true, clips: true),
    read: { reader, settings in
      // Null is what DPM-Solver's files say, and a DDPM scheduler then takes the small variance.
      settings.variance = reader.optionalChoice("variance_type", default: .small) ?? .small
    },
    make: { settings, steps throws(SamplerError) in try DDPM(settings, steps: steps) })
}
