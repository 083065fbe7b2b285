import LineupFormats

/// Why a sampler cannot be made. What is wrong in a file itself is a `DiffusersConfigurationError`.
public enum SamplerError: Error, CustomStringConvertible, Equatable {
  /// The file's class is none of ours, and no other was chosen.
  case unknownClass(path: String, found: String)
  /// A choice that the rule cannot honour, and the rules that can.
  case unfit(SamplerRule, to: String, others: [SamplerRule])
  /// A number of steps that the rule cannot take.
  case steps(Int, allowed: ClosedRange<Int>, rule: SamplerRule)
  /// A timestep that the network was not trained for.
  case timestep(Int, trained: Int, path: String)
  /// Settings that have no finite result.
  case undefined(path: String, reason: String)

  /// Noise levels that the rule does not have.
  package static func without(_ levels: SigmaLevels, _ rule: SamplerRule) -> SamplerError {
    .unfit(
      rule, to: "have the noise levels \"\(levels.rawValue)\"",
      others: SamplerRule.allCases.filter { $0.traits.levels.contains(levels) })
  }

  /// What does not fit, in a sentence.
  public var description: String {
    switch self {
    case .unknownClass(let path, let found):
      "\(path): found the class \(found), expected "
        + Set(SamplerRule.allCases.map(\.className)).sorted().joined(separator: ", ")
        + ". Choose a sampler by name: " + Self.list(SamplerRule.allCases) + "."
    case .unfit(let rule, let choice, let others):
      "the sampler \(rule) cannot \(choice); these can: " + Self.list(others) + "."
    case .steps(let found, let allowed, let rule):
      "found \(found) steps, expected \(allowed.lowerBound) to \(allowed.upperBound) for the sampler \(rule) with these "
        + "settings."
    case .timestep(let found, let trained, let path):
      "\(path): the steps lead to timestep \(found), expected 0 to \(trained - 1); take fewer steps or another "
        + "timestep_spacing or steps_offset."
    case .undefined(let path, let reason): "\(path): these settings have no finite result: \(reason)."
    }
  }

  private static func list(_ rules: [SamplerRule]) -> String { rules.map(\.rawValue).joined(separator: ", ") }
}
