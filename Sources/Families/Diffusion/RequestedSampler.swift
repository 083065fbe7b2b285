import LineupDiffusion
import LineupFormats
import LineupLearning

extension SamplerOptions {
  /// The same with what a request for samples changes.
  func choosing(_ request: SampleRequest) -> SamplerOptions {
    let rule = request.sampler.map { name in
      SamplerRule(rawValue: name)
        ?? { preconditionFailure("there is no sampler \(name); there are \(SamplerRule.allCases)") }()
    }
    return choosing(rule, steps: request.steps)
  }

  /// The sampler, whose settings were checked together with the file that they stand in.
  func demanded(over schedule: NoiseSchedule, _ prediction: Prediction, clippingTo range: Float? = nil) -> any Sampler {
    do {
      return try sampler(over: schedule, prediction: prediction, clippingTo: range)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
