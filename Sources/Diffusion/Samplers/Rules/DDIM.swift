import LineupFormats
import LineupTensors

/// Implicit sampling over some of the timesteps (Song, Meng and Ermon 2021, equation 12).
struct DDIM: TimestepSampler {
  let settings: SamplerSettings
  let visited: [Int]
  /// The timestep that each call leads to, −1 for the clean picture.
  private let targets: [Int]

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    visited = try settings.visited(steps: steps)
    // The next one that is visited; diffusers goes down by the same stride always, which may be another.
    let stride = settings.noise.timesteps / steps
    targets =
      settings.noise.rounding == .torch ? visited.map { max($0 - stride, -1) } : Array(visited.dropFirst()) + [-1]
  }

  func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let now = settings.noise.alphaBar(at: visited[call])
    let earlier = targets[call] < 0 ? settings.finalAlphaBar : settings.noise.alphaBar(at: targets[call])
    let estimate = settings.estimate(output, sample, alphaBar: now)
    let deviation = settings.eta * ((1 - earlier) / (1 - now) * (1 - now / earlier)).squareRoot()
    let next =
      estimate.clean.weighted(earlier.squareRoot())
      + estimate.noise.weighted(max(1 - earlier - deviation * deviation, 0).squareRoot())
    return settings.eta > 0 ? next + noise().weighted(deviation) : next
  }
}

extension SamplerRule {
  /// Song, Meng and Ermon 2021, as diffusers' `DDIMScheduler`.
  public static let ddim = SamplerRule(
    "ddim", className: "DDIMScheduler", Traits(takesEta: true, clips: true),
    read: { reader, settings in settings.readFinalAlphaBar(&reader, isOne: true) },
    make: { settings, steps throws(SamplerError) in try DDIM(settings, steps: steps) })
}
