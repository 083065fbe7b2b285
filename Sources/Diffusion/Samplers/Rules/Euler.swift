import LineupFormats
import LineupTensors

/// Euler's rule on dx/dσ = (x − x̂₀)/σ (Karras et al. 2022, algorithm 1 without its corrections).
struct Euler: SigmaSampler {
  let settings: SamplerSettings
  let table: SigmaTable

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    table = try SigmaTable.fractional(settings, steps: steps)
  }

  func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    sample + slope(output, sample, call: call).weighted(table.sigmas[call + 1] - table.sigmas[call])
  }
}

extension SamplerRule {
  /// Euler's rule, as diffusers' `EulerDiscreteScheduler`.
  public static let euler = SamplerRule(
    "euler", className: "EulerDiscreteScheduler",
    Traits(levels: [.timesteps, .karras], usesSigmas: true, thresholds: false),
    read: { reader, settings in
      settings.readSigmas(&reader)
      reader.demand("interpolation_type", text: "linear")
      reader.demand("timestep_type", text: "discrete")
      settings.finalSigma = reader.choice("final_sigmas_type", default: .zero)
    },
    make: { settings, steps throws(SamplerError) in try Euler(settings, steps: steps) })
}
