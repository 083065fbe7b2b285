/// Something worth a line in `/events`: it happened at a step and at a time.
package struct RunEvent: Sendable, Equatable {
  package enum Level: UInt8, Sendable {
    case information = 0
    case warning = 1
    case error = 2
  }

  /// What happened. Codes below 100 tell about the process (they differ between an interrupted and an uninterrupted run);
  /// codes from 100 on tell about the training and are part of the promise of equal results.
  package struct Code: RawRepresentable, Sendable, Hashable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let started = Code(rawValue: 1)
    package static let resumed = Code(rawValue: 2)
    package static let interrupted = Code(rawValue: 3)
    package static let completed = Code(rawValue: 4)
    package static let failed = Code(rawValue: 5)
    package static let note = Code(rawValue: 100)
    package static let nonFiniteLoss = Code(rawValue: 101)
    package static let skippedUpdate = Code(rawValue: 102)
    package static let stage = Code(rawValue: 103)

    /// Whether it belongs to the process, not to the training.
    package var isAboutProcess: Bool { rawValue < 100 }
  }

  package var step: Int
  /// Seconds since 1970.
  package var time: Double
  package var level: Level
  package var code: Code
  /// At most 200 bytes of UTF-8 are kept.
  package var text: String

  package init(step: Int, time: Double, level: Level = .information, code: Code = .note, text: String) {
    self.step = step
    self.time = time
    self.level = level
    self.code = code
    self.text = text
  }

  static let textLength = 200
  /// Bytes in the file: step 8, time 8, level 1, code 2, text 200, without gaps.
  static let size = 8 + 8 + 1 + 2 + textLength

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    appendBytes(of: Int64(step), to: &bytes)
    appendBytes(of: time, to: &bytes)
    bytes.append(level.rawValue)
    appendBytes(of: code.rawValue, to: &bytes)
    return bytes + padded(text, to: Self.textLength)
  }

  init(bytes: ArraySlice<UInt8>) {
    let raw = Array(bytes)
    (step, time) = raw.withUnsafeBytes {
      ($0.loadUnaligned(as: Int.self), $0.loadUnaligned(fromByteOffset: 8, as: Double.self))
    }
    level = Level(rawValue: raw[16]) ?? .information
    code = Code(rawValue: UInt16(raw[17]) | UInt16(raw[18]) << 8)
    text = LineupRunRecords.text(raw[19...])
  }
}
