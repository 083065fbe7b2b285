import Foundation
import LineupStrictJSON
import LineupSupport

/// What a worker tells its runner: one JSON line at a time.
package struct TrialProgress: Sendable, Codable, Equatable {
  package enum Phase: String, Sendable, Codable {
    case preparing, training, evaluating, finished
    /// Hindered from going on.
    case interrupted
    /// Asked to stop.
    case stopped
  }

  package var phase: Phase
  package var step: Int
  /// The share of the budget used.
  package var share: Double
  package var imagesPerSecond: Double
  /// The first of the learner's losses.
  package var loss: Double
  /// Floating-point operations a second, over the last reports.
  package var flopsPerSecond: Double
  package var message: String?

  package init(
    phase: Phase, step: Int = 0, share: Double = 0, imagesPerSecond: Double = 0, loss: Double = .nan,
    flopsPerSecond: Double = 0, message: String? = nil
  ) {
    self.phase = phase
    self.step = step
    self.share = share
    self.imagesPerSecond = imagesPerSecond
    self.loss = loss
    self.flopsPerSecond = flopsPerSecond
    self.message = message
  }

  /// One line without a line break.
  package var line: String {
    JSONValue(encoding: self).canonicalText
  }

  package init?(line: some StringProtocol) {
    guard let document = try? JSONDocument(reading: Array(line.utf8), source: "a worker"),
      let value = try? document.decoded(as: TrialProgress.self, readingNonFinite: true)
    else { return nil }
    self = value
  }
}

/// The human-readable journal of a trial, one JSON object a line.
final class TrialLog {
  private let path: String

  init(path: String) { self.path = path }

  func write(_ event: String, step: Int, _ text: String) {
    let entry = ["time": Clock.timestamp, "event": event, "step": String(step), "text": text]
    // A journal that cannot be written is no reason to stop.
    try? AppendedFile.append(JSONFile.sealed(JSONValue(encoding: entry)).canonicalText + "\n", to: path)
  }

  /// Compares the digest of every line.
  ///
  /// - Returns: whether all lines carry one.
  static func check(_ path: String) throws(Fault) -> Bool {
    var isSealed = true
    for (number, line) in try WholeFile.text(path).split(separator: "\n").enumerated() {
      let place = "\(path):\(number + 1)"
      if try JSONFile.seal(of: JSONDocument(reading: Array(line.utf8), source: place), place) == .absent {
        isSealed = false
      }
    }
    return isSealed
  }
}
