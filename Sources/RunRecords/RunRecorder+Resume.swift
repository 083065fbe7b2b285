import Foundation
import LineupSupport

extension RunRecorder {
  /// Takes up a run again: all rows up to and including `throughStep` (that of the checkpoint) are copied into a new file
  /// that replaces the old one; later ones, final samples and final figures are dropped, they will be made again.
  ///
  /// The old file may have been left by a killed process, or be a finished one. Rows of a step that is already there are
  /// ignored when they are appended once more.
  /// - Throws: `.rowsMissing` if the file ends before that step, `.differentRun` or `.unexpected` if it belongs to another
  ///   run or layout; the old file is unharmed by any error.
  package static func resume(
    path: String, layout: RunLayout, provenance: Provenance, throughStep step: Int
  ) throws(Fault) -> RunRecorder {
    try RunDigest.check(path)
    let source = try RunFile.read(path)
    try requireRunFormat(source)
    try requireSameRun(source, layout)
    let committed = try source.dataset("/committed").integers().first ?? 0
    guard committed >= step else { throw .rowsMissing(file: path, committed: committed, wanted: step) }
    let available = try committedRows(of: source)
    let resumes = (try source.dataset("/run/resumes").integers().first ?? 0) + 1
    let builder = RunFileBuilder(
      layout: layout, provenance: try Provenance(reading: "/run/provenance", of: source),
      resumedProvenance: provenance, created: try source.textAttribute("created_utc") ?? Clock.timestamp)
    let recorder = try prepare(path, builder) { recorder throws(Fault) in
      recorder.restore(committedStep: step, resumes: resumes)
      for writer in recorder.tables where !writer.isEmpty {
        try restore(writer, through: step, of: available[writer.table] ?? 0, from: source)
      }
      try recorder.restoreLatest(from: source)
      for event in try RunEvent.read(from: source, rows: available[.events] ?? 0)
      where event.step <= step || event.code.isAboutProcess {
        recorder.addEvent(event)
      }
      let dropped = (available[.train] ?? 0) - recorder.writer(.train).rows
      recorder.addEvent(
        RunEvent(
          step: step, time: Clock.secondsSince1970, code: .resumed,
          text: "resumed after step \(step), \(dropped) later rows dropped"))
    }
    return recorder
  }

  private static func restore(
    _ writer: TableWriter, through step: Int, of available: Int, from source: RunFile
  ) throws(Fault) {
    // Events are chosen one by one; final samples are made again.
    guard let stepPath = writer.table.stepPath, available > 0 else { return }
    let steps = try source.dataset(stepPath).integers(rows: 0..<available)
    try writer.copy(steps.prefix { $0 <= step }.count, from: source)
  }

  /// The newest grid and the clocks, as of the step that the run goes on from.
  private func restoreLatest(from source: RunFile) throws(Fault) {
    let frames = writer(.grids).rows
    if frames > 0 {
      let newest = try source.dataset("/grids/history").bytes(rows: frames - 1..<frames)
      try file.dataset("/grids/latest").write(newest, as: .uint8)
    }
    let rows = writer(.trainTiming).rows
    if rows > 0 { restoredTiming = try TimingRow(reading: "/timing/train", row: rows - 1, of: source) }
  }

  private static func requireSameRun(_ source: RunFile, _ layout: RunLayout) throws(Fault) {
    for (name, expected) in layout.identity {
      let stored = try source.storedAttribute(name)
      guard stored?.bytes == expected.bytes else {
        let found: String =
          switch expected {
          case .text: try source.textAttribute(name).map { "'\($0)'" } ?? "missing"
          default: try source.unsignedAttribute(name).map { "\($0)" } ?? "missing"
          }
        throw .differentRun(file: source.path, field: name, found: found, expected: expected.words)
      }
    }
    for table in Table.allCases {
      for column in layout.columns(of: table) {
        let dataset = try source.dataset(column.path)
        let (type, shape) = (try dataset.type(), try dataset.shape())
        guard type == column.type.name, shape.count == column.rowShape.count + 1,
          Array(shape.dropFirst()) == column.rowShape
        else {
          throw .unexpected(
            file: source.path, object: column.path, found: "\(type) with rows of shape \(shape.dropFirst())",
            expected: "\(column.type.name) with rows of shape \(column.rowShape)")
        }
      }
    }
  }
}

extension AttributeValue {
  /// For messages.
  var words: String {
    switch self {
    case .text(let text): "'\(text)'"
    case .texts(let texts): "\(texts)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    }
  }
}

extension TimingRow {
  init(reading group: String, row: Int, of file: RunFile) throws(Fault) {
    func number(_ name: String) throws(Fault) -> Double {
      try file.dataset("\(group)/\(name)").numbers(rows: row..<row + 1).first ?? .nan
    }
    func integer(_ name: String) throws(Fault) -> Int {
      try file.dataset("\(group)/\(name)").integers(rows: row..<row + 1).first ?? 0
    }
    self.init(
      step: try integer("step"), wallSeconds: try number("wall_s"), coreSeconds: try number("core_s"),
      secondsPerStep: try number("step_s"), residentBytes: try integer("rss_bytes"),
      poolPeakBytes: try integer("pool_peak_bytes"))
  }
}

extension RunEvent {
  static func read(from file: RunFile, rows: Int) throws(Fault) -> [RunEvent] {
    let dataset = try file.dataset("/events")
    let bytes = try dataset.bytes(rows: 0..<rows)
    guard bytes.count == rows * size else {
      throw .unexpected(
        file: file.path, object: "/events", found: "\(bytes.count / max(1, rows)) bytes a row",
        expected: "\(size) bytes a row")
    }
    return (0..<rows).map { RunEvent(bytes: bytes[$0 * size..<($0 + 1) * size]) }
  }
}

/// Rows of each table that are wholly in the file. A process may die between the tables of one commit; the counter, which
/// is written after them, says what all readers can rely on.
func committedRows(of file: RunFile) throws(Fault) -> [Table: Int] {
  let counts = try file.dataset("/run/committed_rows").integers()
  guard counts.count >= Table.allCases.count, counts.allSatisfy({ $0 >= 0 }) else {
    throw .unexpected(
      file: file.path, object: "/run/committed_rows", found: "\(counts)", expected: "\(Table.allCases.count) counts")
  }
  return Dictionary(uniqueKeysWithValues: Table.allCases.map { ($0, counts[$0.rawValue]) })
}

/// Makes sure that an HDF5 file is a run file this program can read.
func requireRunFormat(_ file: RunFile) throws(Fault) {
  let format = try file.textAttribute("format")
  guard format == RunFormat.name else {
    throw .notARun(file: file.path, found: format.map { "\"\($0)\"" } ?? "missing")
  }
  let version = try file.numberAttribute("format_version").flatMap { Int(exactly: $0) } ?? 0
  guard version <= RunFormat.version else {
    throw .newerVersion(file: file.path, found: version, supported: RunFormat.version)
  }
}
