import Foundation
import LineupRunRecords
import LineupSupport

/// The places of a study's results: `RESULTS/NAME/PROFILE`.
package struct StudyFolder: Sendable, Equatable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The folder of a study under the parent of all results.
  package init(results: String, name: String, profile: String) {
    path = "\(results)/\(name)/\(profile)"
  }

  package var specification: String { "\(path)/specification.json" }
  /// What the data were at launch, where they are files of one's own.
  package var data: String { "\(path)/data.json" }
  /// Where those files are on this machine.
  package var dataLocation: String { "\(runs)/data-location" }
  /// What is known of the study's launches.
  package var launch: String { "\(path)/study.json" }
  package var report: String { "\(path)/report.html" }
  package var summaryTable: String { "\(path)/summary.csv" }
  package var summary: String { "\(path)/summary.json" }
  package var figures: String { "\(path)/figures" }
  package var grids: String { "\(path)/grids" }
  package var records: String { "\(path)/trials" }
  package var runs: String { "\(path)/runs" }

  package func trial(_ trial: TrialName) -> TrialFolder {
    TrialFolder(path: "\(runs)/\(trial.arm)/seed-\(trial.seed)")
  }

  /// The compact record of a trial.
  package func record(_ trial: TrialName) -> String { "\(records)/\(trial.arm)-seed-\(trial.seed).json" }
  /// Real images measured against real ones.
  package var real: String { "\(records)/real.json" }
  /// The figures of an arm's exclusive timing pass.
  package func timing(_ arm: String) -> String { "\(records)/\(arm)-timing.json" }
}

/// One trial of a study: an arm under a seed.
package struct TrialName: Sendable, Hashable, Codable, CustomStringConvertible {
  package let arm: String
  package let seed: UInt64

  package init(arm: String, seed: UInt64) {
    self.arm = arm
    self.seed = seed
  }

  package var description: String { "\(arm), seed \(seed)" }
}

/// The places of one trial, which are never published: `runs/ARM/seed-N`.
package struct TrialFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var run: String { "\(path)/run.h5" }
  package var checkpoints: String { "\(path)/checkpoints" }
  package var log: String { "\(path)/log.jsonl" }
  package var lock: String { "\(path)/lock" }
  /// The step that a worker is in, for judging deaths.
  package var position: String { "\(path)/position" }
  /// Deaths by signal so far.
  package var deaths: String { "\(path)/deaths.json" }
  /// Small state that captions need to be read again: the tokenizer.
  package var tokenizer: String { "\(path)/tokenizer.json" }
}

/// What goes wrong with a study's folders and files.
package enum StudyError: Error, CustomStringConvertible {
  /// The folder holds results of another specification; what differs, with both values.
  case differentSpecification(path: String, differences: [String])
  /// The data are not those that the study began with.
  case changedData(path: String, changes: [String])
  /// The folder holds no study.
  case noStudy(path: String)
  /// The user asked to stop.
  case stopped
  /// Something from outside, or lack of memory, came in between; the same command goes on. A phrase without a full stop.
  case interrupted(String)
  /// A request that cannot be served, in a sentence that says what to do.
  case unsuitable(String)

  package var description: String {
    switch self {
    case .differentSpecification(let path, let differences):
      """
      \(path): this folder holds results of another specification. A study can gain seeds, arms and marks; this differs:
      \(differences.map { "  \($0)" }.joined(separator: "\n"))
      Choose another --results folder, or add --fresh to delete what is there and start anew.
      """
    case .changedData(let path, let changes):
      """
      \(path): the data of this study changed since it was launched:
      \(changes.map { "  \($0)" }.joined(separator: "\n"))
      Put them back as they were, choose another --results folder, or add --fresh to start anew.
      """
    case .noStudy(let path):
      "\(path): there is no study here. Give the folder RESULTS/NAME/PROFILE that `lineup run` has written."
    case .stopped: "stopped by request"
    case .interrupted(let text), .unsuitable(let text): text
    }
  }
}
