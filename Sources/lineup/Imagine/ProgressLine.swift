import Foundation

/// Tells on standard error how far something is: on a terminal one line that is redrawn, elsewhere a line every ten seconds.
final class ProgressLine {
  private let isTerminal = isatty(2) != 0
  private var last = ProcessInfo.processInfo.systemUptime

  func show(_ text: String) {
    let now = ProcessInfo.processInfo.systemUptime
    guard isTerminal || now - last >= 10 else { return }
    last = now
    // Back to the line's beginning, and away with what stood there.
    FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(text)" : text + "\n").utf8))
  }

  /// Takes the line away.
  func clear() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}

/// Seconds in words.
func durationText(_ seconds: Double) -> String {
  if seconds < 10 { return String(format: "%.1f s", seconds) }
  let whole = Int(seconds.rounded())
  if whole < 90 { return "\(whole) s" }
  return whole < 5400
    ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
}
