import LineupFormats
import LineupTensors

/// Heun's rule (Karras et al. 2022, algorithm 1 without noise): every step but the last looks at its end too and takes the
/// mean of both slopes.
struct Heun: SigmaSampler {
  let settings: SamplerSettings
  let table: SigmaTable
  /// What the first call of a step found.
  private var pending: (start: Tensor, slope: Tensor, length: Double)?

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    table = try SigmaTable.fractional(settings, steps: steps).withRepeatedLevels()
  }

  var callsPerStep: Int { 2 }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let slope = slope(output, sample, call: call)
    if let (start, first, length) = pending {
      pending = nil
      return start + (first + slope).weighted(0.5 * length)
    }
    let length = table.sigmas[call + 1] - table.sigmas[call]
    pending = (sample, slope, length)
    return sample + slope.weighted(length)
  }
}

extension SamplerRule {
  /// Heun's rule, as diffusers' `HeunDiscreteScheduler`.
  public static let heun = SamplerRule(
    "heun", className: "HeunDiscreteScheduler",
    Traits(
      levels: [.timesteps, .karras], usesSigmas: true, stretchesNoise: false,
      betas: (0.00085, 0.012, .linear), thresholds: false, clips: false),
    read: { reader, settings in settings.readSigmas(&reader) },
    make: { settings, steps throws(SamplerError) in try Heun(settings, steps: steps) })
}
