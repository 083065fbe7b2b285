import Foundation
import LineupSupport

/// Who watches the process's streams.
enum Terminal {
  /// Whether someone watches standard output, and standard error.
  static let showsOutput = isatty(1) != 0
  static let showsErrors = isatty(2) != 0

  /// Moves to the upper left corner of an empty screen.
  static func clearScreen() { StandardOutput.steer("\u{1B}[H\u{1B}[2J") }
}

/// Prints a line of results to standard output.
func say(_ text: String, terminator: String = "\n") { StandardOutput.say(text, terminator: terminator) }

/// Prints a line to standard error.
func warn(_ text: String) { StandardError.say(text) }

/// Tells on standard error how far something is: on a terminal one line that is redrawn, elsewhere a line every ten seconds.
final class ProgressLine {
  private var last = Clock.seconds

  func show(_ text: String) {
    let now = Clock.seconds
    guard Terminal.showsErrors || now - last >= 10 else { return }
    last = now
    // Back to the line's beginning, and away with what stood there.
    clear()
    StandardError.say(text, terminator: Terminal.showsErrors ? "" : "\n")
  }

  /// Takes the line away.
  func clear() {
    if Terminal.showsErrors { StandardError.steer("\r\u{1B}[K") }
  }
}
