import Foundation
import LineupSupport

/// The process's streams: results go to standard output, with `print`, all else to standard error.
enum Terminal {
  /// Whether someone watches standard output, and standard error.
  static let showsOutput = isatty(1) != 0
  static let showsErrors = isatty(2) != 0

  /// Moves to the upper left corner of an empty screen.
  static func clearScreen() { print("\u{1B}[H\u{1B}[2J", terminator: "") }

  /// Hands over what was printed, for those who read it as it comes.
  static func flush() { fflush(nil) }

  /// Writes to standard error.
  fileprivate static func tell(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Prints a line to standard error.
func warn(_ text: String) { Terminal.tell(text + "\n") }

/// Tells on standard error how far something is: on a terminal one line that is redrawn, elsewhere a line every ten seconds.
final class ProgressLine {
  private var last = Clock.seconds

  func show(_ text: String) {
    let now = Clock.seconds
    guard Terminal.showsErrors || now - last >= 10 else { return }
    last = now
    // Back to the line's beginning, and away with what stood there.
    Terminal.tell(Terminal.showsErrors ? "\r\u{1B}[K\(text)" : text + "\n")
  }

  /// Takes the line away.
  func clear() {
    if Terminal.showsErrors { Terminal.tell("\r\u{1B}[K") }
  }
}
