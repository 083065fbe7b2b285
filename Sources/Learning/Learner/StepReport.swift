/// What one training step tells, by the names that its learner promised.
public struct StepReport: Sendable {
  /// One entry for each of the learner's `lossNames`.
  public var losses: Losses
  /// What became of each network that was updated in this step, by its name among `networkNames`.
  public var updates: [String: Update]
  /// The rate of the learner's first network.
  public var learningRate: Double

  /// What a step tells.
  public init(losses: Losses, updates: [String: Update], learningRate: Double) {
    (self.losses, self.updates, self.learningRate) = (losses, updates, learningRate)
  }

  /// How many networks had their gradient clipped, or their update left out, in this step.
  public var clipped: Int { updates.values.count(where: \.clipped) }
  /// How many networks had their update left out.
  public var skipped: Int { updates.values.count(where: \.skipped) }

  /// Whether every loss and gradient that was computed is a finite number.
  public var isFinite: Bool { losses.isFinite && updates.values.allSatisfy(\.norm.isFinite) }

  /// What a learner left out or made up in this report, in a sentence; nil where the report is as promised.
  public func problem(for learner: some Learner) -> String? {
    problem(lossNames: learner.lossNames, networkNames: learner.networkNames)
  }

  func problem(lossNames: [String], networkNames: [String]) -> String? {
    let missing = lossNames.filter { losses[$0] == nil }
    let unknown =
      losses.names.filter { !lossNames.contains($0) } + updates.keys.sorted().filter { !networkNames.contains($0) }
    if missing.isEmpty, unknown.isEmpty { return nil }
    return "a step reported nothing of \(missing) and, without having promised them, \(unknown); the learner promises "
      + "the losses \(lossNames) and the networks \(networkNames)"
  }

  /// The losses in the order of a learner's names, as series keep them.
  package func recordedLosses(_ names: [String]) -> [(name: String, value: Double)] {
    names.map { ($0, losses[$0]?.recorded ?? .nan) }
  }

  /// The gradients' norms in the order of a learner's names; NaN where a network was not updated.
  package func recordedNorms(_ names: [String]) -> [(name: String, value: Double)] {
    names.map { ($0, updates[$0]?.norm ?? .nan) }
  }
}
