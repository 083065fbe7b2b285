import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupSupport

/// Tells on standard error how far a picture is and how long it will take, and writes previews of it.
///
/// On a terminal one line is redrawn after each call of the network; elsewhere a line comes every ten seconds.
final class ImagineProgress {
  private let title: String
  private let session: DrawingSession
  private let previewPath: String?
  private let isTerminal = isatty(2) != 0
  private let start = ProcessInfo.processInfo.systemUptime
  /// When the first call was done; it is slower than the others.
  private var firstDone: Double?
  private var lastLine = ProcessInfo.processInfo.systemUptime
  private var lastPreview = ProcessInfo.processInfo.systemUptime
  private var calls = 0

  /// Seconds between two previews; each takes as long as decoding the picture.
  private static let previewInterval = 10.0

  init(title: String, session: DrawingSession, previewPath: String?) {
    (self.title, self.session, self.previewPath) = (title, session, previewPath)
  }

  func show(_ progress: DrawingSession.Progress) throws {
    let now = ProcessInfo.processInfo.systemUptime
    calls = progress.total
    let remaining: Double? = firstDone.map { first in
      (now - first) / Double(progress.done - 1) * Double(progress.total - progress.done)
    }
    firstDone = firstDone ?? now
    let isLast = progress.done == progress.total
    if isTerminal || now - lastLine >= 10 {
      lastLine = now
      let estimate = remaining.map { ", about \(Self.duration($0)) to go" } ?? ""
      let line = "\(title)call \(progress.done) of \(progress.total)\(isLast ? ", decoding" : estimate)"
      // Back to the line's beginning, and away with what stood there.
      FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(line)" : line + "\n").utf8))
    }
    if let previewPath, !isLast, now - lastPreview >= Self.previewInterval {
      try Picture(unit: session.preview(progress.latents)).writePNG(to: previewPath)
      lastPreview = ProcessInfo.processInfo.systemUptime
    }
  }

  /// Ends the line, and says how long it took.
  func finished() -> String {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    if let previewPath { try? FileManager.default.removeItem(atPath: previewPath) }
    let seconds = ProcessInfo.processInfo.systemUptime - start
    return "\(calls) calls of the network in \(Self.duration(seconds))"
  }

  private static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 90 { return "\(whole) s" }
    return whole < 5400
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
