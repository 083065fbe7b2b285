import Foundation
import LineupRunRecords
import LineupSupport

/// What differs between two results of one study, outside timings: the promise that a resumed study equals one that was
/// never stopped is that there is nothing.
package struct StudyDifference: Sendable, Codable, Equatable {
  package var trial: String
  package var object: String
  package var description: String

  /// Compares every trial's run file object by object and its newest checkpoints byte by byte.
  ///
  /// - Parameters: folders of two studies (`RESULTS/NAME/PROFILE`).
  package static func compare(_ first: String, _ second: String) throws -> [StudyDifference] {
    let left = try Study(opening: first)
    let right = try Study(opening: second)
    var found: [StudyDifference] = []
    if left.resolved.sha256 != right.resolved.sha256 {
      for key in left.resolved.value.differences(from: right.resolved.value) {
        found.append(StudyDifference(trial: "", object: "specification.json", description: "differs at \(key)"))
      }
    }
    let hasRuns = [left, right].allSatisfy { study in
      study.trials.contains { Folder.exists(study.folder.trial($0).run) }
    }
    guard hasRuns else {
      throw StudyError.unsuitable("One of the folders has no run files, so there is nothing to compare.")
    }
    let trials = left.trials + right.trials.filter { !left.trials.contains($0) }
    for trial in trials { found += try compare(trial, left.folder.trial(trial), right.folder.trial(trial)) }
    return found
  }

  private static func compare(
    _ trial: TrialName, _ first: TrialFolder, _ second: TrialFolder
  ) throws -> [StudyDifference] {
    func difference(_ object: String, _ description: String) -> StudyDifference {
      StudyDifference(trial: "\(trial)", object: object, description: description)
    }
    switch (Folder.exists(first.run), Folder.exists(second.run)) {
    case (false, false): return []
    case (true, false): return [difference("run.h5", "is missing in the second folder")]
    case (false, true): return [difference("run.h5", "is missing in the first folder")]
    case (true, true): break
    }
    var found = try RunDifference.compare(first.run, second.run).map { difference($0.object, $0.description) }
    let one = CheckpointStore(folder: first.checkpoints)
    let other = CheckpointStore(folder: second.checkpoints)
    guard let newest = one.steps().first, newest == other.steps().first else {
      let steps = [one, other].map { $0.steps().first.map { "step \($0)" } ?? "none" }
      return one.steps().isEmpty && other.steps().isEmpty
        ? found
        : found + [difference("checkpoints", "newest is \(steps[0]) in the first folder, \(steps[1]) in the second")]
    }
    if (try? WholeFile.read(one.path(newest))) != (try? WholeFile.read(other.path(newest))) {
      found.append(difference("checkpoints/step-\(newest).safetensors", "bytes differ"))
    }
    return found
  }
}
