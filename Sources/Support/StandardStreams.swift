import Foundation
import Synchronization

/// The process's standard output: results go there, and nothing else.
package enum StandardOutput {
  /// What the system said of the first text that could not be written.
  private static let failure = Mutex<Int32?>(nil)

  /// Writes a text with its control characters escaped, for it may come from outside; line breaks and tabs stay.
  package static func say(_ text: String, terminator: String = "\n") {
    steer(text.escapingControls(keepingLines: true) + terminator)
  }

  /// Writes a text as it is, for a terminal's own codes.
  package static func steer(_ text: String) {
    let code = write(text, to: STDOUT_FILENO)
    if code != 0 { failure.withLock { $0 = $0 ?? code } }
  }

  /// Whether everything so far was written; else the fault says why not.
  package static func check() throws(Fault) {
    guard let code = failure.withLock({ $0 }) else { return }
    throw .unwritable("standard output", String(cString: strerror(code)))
  }
}

/// The process's standard error: all that is no result.
package enum StandardError {
  /// Writes a text with its control characters escaped; line breaks and tabs stay. What cannot be written is lost.
  package static func say(_ text: String, terminator: String = "\n") {
    steer(text.escapingControls(keepingLines: true) + terminator)
  }

  /// Writes a text as it is, for a terminal's own codes.
  package static func steer(_ text: String) { _ = write(text, to: STDERR_FILENO) }
}

/// The system's number of what went wrong, or 0.
private func write(_ text: String, to descriptor: Int32) -> Int32 {
  Array(text.utf8).withUnsafeBytes { writeAll($0, to: descriptor) } ? 0 : errno
}
