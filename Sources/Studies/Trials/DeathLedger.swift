import Foundation
import LineupStrictJSON
import LineupSupport

/// Judges how a trial's workers died: the second trap in one step is a crash of the trial, all else an interruption.
///
/// A worker marks the step that it enters, so that a death in set-up is told from one in a step.
package struct DeathLedger: Codable, Equatable {
  package private(set) var deaths: [Death] = []

  package init() {}

  /// The deaths of a trial so far.
  package init(_ folder: TrialFolder) {
    self = (try? JSONFile.read(DeathLedger.self, from: folder.deaths)) ?? DeathLedger()
  }

  /// As many as are remembered; traps stay, for they are judged.
  private static let mostKept = 100

  /// Adds a death. Returns the reason if it makes the trial a crash.
  package mutating func add(_ death: Death) -> String? {
    deaths.append(death)
    if deaths.count > Self.mostKept, let index = deaths.firstIndex(where: { $0.kind != .trap }) {
      deaths.remove(at: index)
    }
    guard death.kind == .trap, deaths.count(where: { $0.kind == .trap && $0.step == death.step }) >= 2 else {
      return nil
    }
    let place = death.step < 0 ? "in set-up" : "in step \(death.step + 1)"
    return "crash: ended by signal \(death.signal) twice \(place)"
  }

  /// The step last marked, or −1.
  package static func markedStep(_ folder: TrialFolder) -> Int { NumberFile.number(at: folder.position) ?? -1 }
}
