import Foundation

/// How a process of the program ends. A runner reads it of its workers.
package enum ExitStatus: Int32, Sendable {
  case success = 0
  case error = 1
  /// A mistake on the command line.
  case usage = 2
  /// A worker got no memory; its runner says so and leaves with `interrupted`.
  case outOfMemory = 71
  /// Interrupted; the same command goes on.
  case interrupted = 75

  /// Ends the process.
  package func leave() -> Never { exit(rawValue) }
}
