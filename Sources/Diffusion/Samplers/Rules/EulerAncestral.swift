import LineupTensors

/// Euler's rule down to a lower level than the next one, and noise up to that. The last step draws noise too, though none
/// of it is added.
struct EulerAncestral: SigmaSampler {
  let settings: SamplerSettings
  let table: SigmaTable

  init(_ settings: SamplerSettings, steps: Int) throws(SamplerError) {
    self.settings = settings
    table = try SigmaTable.fractional(settings, steps: steps)
  }

  func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    let (sigma, next) = (table.sigmas[call], table.sigmas[call + 1])
    let up = next * ((sigma * sigma - next * next) / (sigma * sigma)).squareRoot()
    let down = (next * next - up * up).squareRoot()
    return sample + slope(output, sample, call: call).weighted(down - sigma) + noise().weighted(up)
  }
}

extension SamplerRule {
  /// Euler's rule with noise, as diffusers' `EulerAncestralDiscreteScheduler`.
  public static let eulerAncestral = SamplerRule(
    "euler-a", className: "EulerAncestralDiscreteScheduler",
    Traits(takesCleanPredictions: false, usesSigmas: true, thresholds: false),
    make: { settings, steps throws(SamplerError) in try EulerAncestral(settings, steps: steps) })
}
