import Foundation
import LineupStrictJSON
import LineupSupport

/// Judges deaths by signal: the first at a step is an interruption, the second at the same step is a crash of the trial.
///
/// A worker marks the step that it enters, so that a death in set-up is told from one in a step.
package struct DeathLedger: Codable, Equatable {
  /// A worker's end by a signal.
  package struct Death: Codable, Equatable {
    /// The step that the worker was in, or −1 before its first one.
    package var step: Int
    package var signal: Int32
  }

  package private(set) var deaths: [Death] = []

  package init() {}

  /// The deaths of a trial so far.
  package init(_ folder: TrialFolder) {
    self = (try? JSONFile.read(DeathLedger.self, from: folder.deaths)) ?? DeathLedger()
  }

  /// Adds a death. Returns the reason if it makes the trial a crash.
  package mutating func add(step: Int, signal: Int32) -> String? {
    deaths.append(Death(step: step, signal: signal))
    let same = deaths.filter { $0.step == step }.count
    // Set-up repeats at every start, so deaths there say less about the trial than two in one and the same step.
    guard same >= (step < 0 ? 5 : 2) else { return nil }
    return step < 0
      ? "crash: killed by signal \(signal) in set-up, \(same) times"
      : "crash: killed by signal \(signal) twice in step \(step + 1)"
  }

  /// The step last marked, or −1.
  package static func markedStep(_ folder: TrialFolder) -> Int { NumberFile.number(at: folder.position) ?? -1 }
}
