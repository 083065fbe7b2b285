import LineupStrictJSON
import LineupSupport
import OrderedCollections

/// What a trial's results depend on, and nothing else: so that a study can gain seeds, arms and marks while the trials it
/// has stand.
extension ResolvedSpecification {
  /// Members of an arm that change words and no result.
  private static let described = ["label", Arm.ignoredMember]

  /// The SHA-256 of a trial's own inputs: its arm, its seed, the data, the budget and the evaluation without its marks.
  package func identity(of trial: TrialName) -> String {
    digest(inputs(ofArm: trial.arm).replacing("seed", with: .number(.unsigned(trial.seed))))
  }

  /// The SHA-256 of what an arm's speed depends on, whatever the seed.
  package func identity(ofArm name: String) -> String { digest(inputs(ofArm: name)) }

  private func inputs(ofArm name: String) -> JSONValue {
    let settings = Self.described.reduce(stored["arms"]?[name] ?? .null) { $0.replacing($1, with: .null) }
    return [
      "arm": .string(name), "settings": settings, "data": stored["data"] ?? .null,
      "budget": stored["budget"] ?? .null,
      "evaluation": (stored["evaluation"] ?? [:]).replacing("marks", with: .null),
    ]
  }

  private func digest(_ value: JSONValue) -> String {
    SHA256.hexadecimalDigest(of: Array(value.canonicalText.utf8))
  }
}
