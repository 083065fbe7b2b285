import Foundation

/// What a worker tells its runner: one JSON line at a time.
package struct TrialProgress: Sendable, Codable, Equatable {
  package enum Phase: String, Sendable, Codable { case preparing, training, evaluating, finished, interrupted }

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
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  package init?(line: some StringProtocol) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let value = try? decoder.decode(TrialProgress.self, from: Data(line.utf8)) else { return nil }
    self = value
  }
}

/// The human-readable journal of a trial, one JSON object a line.
final class TrialLog {
  private let path: String

  init(path: String) { self.path = path }

  func write(_ event: String, step: Int, _ text: String) {
    let entry: [String: String] = [
      "time": Date().formatted(.iso8601), "event": event, "step": String(step), "text": text,
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var data = try? encoder.encode(entry) else { return }
    data.append(0x0A)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    _ = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
    close(descriptor)
  }
}
