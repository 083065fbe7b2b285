import LineupDiffusion
import LineupFormats
import LineupLearning

extension SamplerOptions {
  static func unknown(_ name: String) -> String {
    "there is no sampler \(name); there are \(SamplerRule.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  /// The same with what a request for samples changes, which must be one without an obstacle.
  func choosing(_ request: SampleRequest) -> SamplerOptions {
    let rule = request.sampler.map { name in
      SamplerRule(rawValue: name)
        ?? { preconditionFailure(Self.unknown(name)) }()
    }
    return choosing(rule, steps: request.steps)
  }

  /// The sampler, whose settings were checked: those of a file together with it, those of a request as its obstacles.
  func demanded(over schedule: NoiseSchedule, _ prediction: Prediction, clippingTo range: Float? = nil) -> any Sampler {
    do {
      return try sampler(over: schedule, prediction: prediction, clippingTo: range)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
