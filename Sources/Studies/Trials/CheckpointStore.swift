import Foundation
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport

/// A trial's checkpoints: `step-N.safetensors`, of which the last two are kept.
package struct CheckpointStore {
  let folder: String

  package init(folder: String) { self.folder = folder }

  /// The steps that have a checkpoint, newest first.
  package func steps() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.sorted(by: >)
  }

  /// Where the checkpoint of a step is, or would be.
  package func path(_ step: Int) -> String { "\(folder)/step-\(step).safetensors" }

  /// Writes everything that the state's walk shows, then deletes all but the two newest.
  package func save(_ state: inout some Module, step: Int, of owner: CheckpointIdentity) throws(Fault) {
    try Checkpoint.write(&state, to: path(step), metadata: owner.metadata(step: step))
    for old in steps().dropFirst(2) { unlink(path(old)) }
  }

  /// Deletes every checkpoint, for a trial that begins again.
  package func clear() {
    for step in steps() { unlink(path(step)) }
  }

  /// Deletes the checkpoints after a step, from which a trial does not go on: they would count as the newest.
  package func clear(after step: Int) {
    for later in steps() where later > step { unlink(path(later)) }
  }

  /// Fills the state from the newest checkpoint that is whole and belongs to the trial; others are passed over and told of.
  ///
  /// - Parameter acceptingUnsealed: whether a checkpoint of an earlier version, which carries no digest, will do.
  /// - Returns: the step, or nil where there is none to go on from, and what was wrong with newer ones.
  package func restore(
    _ state: inout some Module, of owner: CheckpointIdentity, acceptingUnsealed: Bool = false
  ) -> (step: Int?, problems: [Fault]) {
    var problems: [Fault] = []
    for step in steps() {
      do throws(Fault) {
        try owner.check(path(step), step: step, acceptingUnsealed: acceptingUnsealed)
        try Checkpoint.read(into: &state, from: path(step))
        return (step, problems)
      } catch {
        problems.append(error)
      }
    }
    return (nil, problems)
  }
}
