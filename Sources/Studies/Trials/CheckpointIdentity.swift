import LineupFormats
import LineupSupport

/// Whose a checkpoint is: only that trial goes on from it.
package struct CheckpointIdentity: Sendable, Equatable {
  /// The SHA-256 of the trial's own inputs.
  package var inputs: String
  package var trial: TrialName

  package init(inputs: String, trial: TrialName) { (self.inputs, self.trial) = (inputs, trial) }

  /// What a checkpoint says of itself.
  func metadata(step: Int) -> [String: String] {
    [
      "format": "lineup.checkpoint", "trial": inputs, "arm": trial.arm, "seed": "\(trial.seed)", "step": "\(step)",
    ]
  }

  /// Looks at every digest of a checkpoint and at whose it is, before any of its values is used.
  ///
  /// - Parameter acceptingUnsealed: whether a checkpoint of an earlier version, which carries no digest, will do.
  /// - Returns: whether it carries digests.
  /// - Throws: where it is damaged, belongs to another trial or step, or carries no digest.
  @discardableResult package func check(
    _ path: String, step: Int, acceptingUnsealed: Bool = false
  ) throws(Fault) -> Bool {
    let file = try SafetensorsFile(path: path)
    var expected = metadata(step: step)
    let isSealed = try file.checkSeal()
    if !isSealed {
      guard acceptingUnsealed else {
        throw Fault(
          .malformed, file: path, place: "the header", found: "no digest", expected: "those that checkpoints carry",
          cause: "an earlier version wrote it, or it is damaged; nothing goes on from it")
      }
      expected = ["arm": trial.arm, "seed": "\(trial.seed)"]
    }
    let foreign = expected.filter { file.metadata[$0.key] != $0.value }
    guard foreign.isEmpty else {
      func words(_ metadata: [String: String]) -> String {
        foreign.keys.sorted().map { "\($0) \(metadata[$0] ?? "unknown")" }.joined(separator: ", ")
      }
      throw Fault(
        .malformed, file: path, place: "the header",
        found: "a checkpoint that belongs to \(words(file.metadata))", expected: words(expected))
    }
    return isSealed
  }
}
