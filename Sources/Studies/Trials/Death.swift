import Foundation

/// The end of a worker that it did not choose.
package struct Death: Codable, Equatable, Sendable {
  /// What kind of end. Only a trap says something about the trial.
  package enum Kind: String, Codable, Sendable {
    /// By a signal that someone sent.
    case killed
    /// By a mistake of the program.
    case trap
    /// For want of memory.
    case outOfMemory
    /// By the runner, after no sign of life.
    case hang

    /// What a signal alone says.
    package init(signal: Int32) { self = Self.traps.contains(signal) ? .trap : .killed }

    #if arch(arm64)
      // Swift traps with this one there.
      private static let traps = [SIGILL, SIGABRT, SIGFPE, SIGSEGV, SIGTRAP]
    #else
      private static let traps = [SIGILL, SIGABRT, SIGFPE, SIGSEGV]
    #endif
  }

  /// The step that the worker was in, or −1 before its first one.
  package var step: Int
  /// The signal that ended it, or 0.
  package var signal: Int32
  package var kind: Kind

  /// - Parameter kind: nil for what the signal says.
  package init(step: Int, signal: Int32, kind: Kind? = nil) {
    self.step = step
    self.signal = signal
    self.kind = kind ?? Kind(signal: signal)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // Earlier states of the program noted no kind.
    self.init(
      step: try container.decode(Int.self, forKey: .step), signal: try container.decode(Int32.self, forKey: .signal),
      kind: try container.decodeIfPresent(Kind.self, forKey: .kind))
  }

  /// What happened and where, in words; `sentence` is what the worker said last.
  package func description(_ sentence: String) -> String {
    let place = step < 0 ? "in set-up" : "in step \(step + 1)"
    let reason = sentence.isEmpty ? "" : " (\(sentence))"
    switch kind {
    case .killed where signal == 0: return "asked from outside to stop \(place)"
    case .killed: return "killed from outside by signal \(signal) \(place)"
    case .trap: return "ended by signal \(signal) \(place)\(reason)"
    case .outOfMemory: return "ran out of memory \(place)\(reason); `lineup plan` estimates what a trial needs"
    case .hang: return "hung \(place)\(reason)"
    }
  }
}
