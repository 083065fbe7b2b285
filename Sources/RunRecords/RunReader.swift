import LineupSupport

/// A series of rows, each of one step.
package enum RunSeries: String, Sendable, CaseIterable {
  case train = "/series/train"
  case evaluation = "/series/eval"
  case trainTiming = "/timing/train"
  case evaluationTiming = "/timing/eval"

  var table: Table {
    switch self {
    case .train: .train
    case .evaluation: .evaluation
    case .trainTiming: .trainTiming
    case .evaluationTiming: .evaluationTiming
    }
  }
}

/// Samples as they lie in a run file.
package struct StoredSamples: Sendable, Equatable {
  /// `[count, height, width, channels]` or `[count, dimensions]`.
  package var shape: [Int]
  package var values: SampleValues
}

/// The samples that the final figures were measured on.
package struct FinalSamples: Sendable, Equatable {
  package var samples: StoredSamples
  /// -1 where none was asked for.
  package var labels: [Int32]
  package var seeds: [UInt64]
}

/// Radial power spectra over training.
package struct StoredSpectra: Sendable, Equatable {
  /// Cycles a pixel.
  package var frequencies: [Double]
  package var steps: [Int]
  /// One array for each step.
  package var power: [[Double]]
}

/// An RGB picture, rows from the top.
package struct StoredGrid: Sendable, Equatable {
  package var height: Int
  package var width: Int
  package var pixels: [UInt8]
}

/// Who a run is.
package struct RunIdentity: Sendable, Equatable {
  package var runID: String
  package var study: String
  package var family: String
  package var arm: String
  package var dataset: String
  package var seed: UInt64
  package var configSHA256: String
  /// The SHA-256 of the trial's own inputs; nil in files of earlier versions.
  package var trialSHA256: String?
  /// When it was started, UTC, ISO 8601.
  package var created: String
}

/// Reads a run file, be it finished, being written by another process, or left behind by a killed one.
///
/// What it shows is what was committed when it was opened; open another one to see more. A damaged file gives a
/// `Fault`.
package final class RunReader {
  package let path: String
  package let identity: RunIdentity
  /// Whether the file was not closed: it is being written, or its writer was killed.
  package var isLive: Bool { file.isLive }

  let file: RunFile
  let rows: [Table: Int]

  package init(path: String) throws(Fault) {
    self.path = path
    try RunDigest.check(path)
    file = try RunFile.read(path)
    try requireRunFormat(file)
    rows = try committedRows(of: file)
    guard let seed = try file.unsignedAttribute("seed") else {
      throw .objectMissing(file: path, object: "/@seed")
    }
    identity = RunIdentity(
      runID: try Self.require("run_id", of: file), study: try Self.require("study", of: file),
      family: try Self.require("family", of: file), arm: try Self.require("arm", of: file),
      dataset: try Self.require("dataset", of: file), seed: seed,
      configSHA256: try Self.require("config_sha256", of: file), trialSHA256: try file.textAttribute("trial_sha256"),
      created: try Self.require("created_utc", of: file))
  }

  private static func require(_ name: String, of file: RunFile) throws(Fault) -> String {
    guard let value = try file.textAttribute(name) else {
      throw .objectMissing(file: file.path, object: "/@\(name)")
    }
    try requireNoControls(value, in: file.place.attribute(name))
    return value
  }

  /// Reads all there is and keeps nothing, to see whether it can be read.
  package func readEverything() throws(Fault) {
    _ = (try configJSON(), try status(), try heartbeat(), try resumes(), try committedStep())
    _ = (try provenance(), try events())
    for series in RunSeries.allCases {
      for name in try columnNames(of: series) { _ = try column(name, of: series) }
    }
    for index in try sampleSteps().indices { _ = try fixedSamples(at: index) }
    for index in try gridSteps().indices { _ = try grid(at: index) }
    _ = (try finalSamples(), try spectra(), try finalMetrics(), try costs())
  }

  // MARK: The run

  /// The frozen specification.
  package func configJSON() throws(Fault) -> String { try file.dataset("/run/config_json").string() }

  /// State as last written; a killed run still says `.running`, see `heartbeat`.
  package func status() throws(Fault) -> RunStatus {
    let value = try file.dataset("/run/status").integers().first ?? 0
    guard let raw = UInt8(exactly: value), let status = RunStatus(rawValue: raw) else {
      throw .unexpected(file: path, object: "/run/status", found: "\(value)", expected: "0 to 4")
    }
    return status
  }

  /// When the writer was last seen, seconds since 1970.
  package func heartbeat() throws(Fault) -> Double {
    try file.dataset("/run/heartbeat").numbers().first ?? 0
  }

  package func resumes() throws(Fault) -> Int { try file.dataset("/run/resumes").integers().first ?? 0 }

  /// Last step whose rows are all there.
  package func committedStep() throws(Fault) -> Int { try file.dataset("/committed").integers().first ?? 0 }

  package func provenance() throws(Fault) -> Provenance {
    try Provenance(reading: "/run/provenance", of: file)
  }

  package func events() throws(Fault) -> [RunEvent] {
    try RunEvent.read(from: file, rows: rows[.events] ?? 0)
  }

  /// A root attribute given with the layout, if it is text.
  package func attribute(_ name: String) throws(Fault) -> String? { try file.textAttribute(name) }

  // MARK: Series

  /// Names of a series' columns in the declared order, below the series' group: `"loss/total"`, `"step"`.
  package func columnNames(of series: RunSeries) throws(Fault) -> [String] {
    let prefix = series.rawValue + "/"
    let names = try file.datasets(below: series.rawValue).map { String($0.dropFirst(prefix.count)) }
    // Groups are made before the values beside them, which are more general.
    return names.filter { !$0.contains("/") } + names.filter { $0.contains("/") }
  }

  /// The values of one column, NaN where there is none.
  package func column(_ name: String, of series: RunSeries) throws(Fault) -> [Double] {
    try file.dataset("\(series.rawValue)/\(name)").numbers(rows: 0..<(rows[series.table] ?? 0))
  }

  /// A column of whole numbers, exact.
  package func integers(_ name: String, of series: RunSeries) throws(Fault) -> [Int] {
    try file.dataset("\(series.rawValue)/\(name)").integers(rows: 0..<(rows[series.table] ?? 0))
  }

  package func steps(of series: RunSeries) throws(Fault) -> [Int] { try integers("step", of: series) }

  // MARK: Samples and pictures

  /// The steps at which samples from the fixed latents were kept; empty where the run keeps none.
  package func sampleSteps() throws(Fault) -> [Int] { try steps(of: .samples) }

  /// The samples from the fixed latents at the mark with this index.
  package func fixedSamples(at index: Int, average: Bool = false) throws(Fault) -> StoredSamples {
    let path = average ? "/samples/fixed_z_average" : "/samples/fixed_z"
    let stored = try samples(path, rows: index..<index + 1)
    return StoredSamples(shape: Array(stored.shape.dropFirst()), values: stored.values)
  }

  /// Nil where the run keeps no samples; no samples where it has not come to its end.
  package func finalSamples() throws(Fault) -> FinalSamples? {
    guard file.exists("/samples/final") else { return nil }
    let all = 0..<(rows[.finalSamples] ?? 0)
    return FinalSamples(
      samples: try samples("/samples/final", rows: all),
      labels: try file.dataset("/samples/labels").integers(rows: all).map { Int32(truncatingIfNeeded: $0) },
      seeds: values(try file.dataset("/samples/sample_seed").bytes(rows: all), as: UInt64.self))
  }

  private func samples(_ path: String, rows: Range<Int>) throws(Fault) -> StoredSamples {
    let dataset = try file.dataset(path)
    var shape = try dataset.shape()
    if !shape.isEmpty { shape[0] = rows.count }
    let bytes = try dataset.bytes(rows: rows)
    switch try dataset.type() {
    case "uint8": return StoredSamples(shape: shape, values: .bytes(bytes))
    case "float32": return StoredSamples(shape: shape, values: .floats(values(bytes, as: Float.self)))
    case let other:
      throw .unexpected(file: self.path, object: path, found: other, expected: "uint8 or float32")
    }
  }

  package func gridSteps() throws(Fault) -> [Int] { try steps(of: .grids) }

  /// The display grid at the mark with this index.
  package func grid(at index: Int) throws(Fault) -> StoredGrid {
    let dataset = try file.dataset("/grids/history")
    let shape = try dataset.shape()
    guard shape.count == 4, shape[3] == 3 else {
      throw .unexpected(
        file: path, object: "/grids/history", found: "of shape \(shape)", expected: "[marks, height, width, 3]")
    }
    return StoredGrid(height: shape[1], width: shape[2], pixels: try dataset.bytes(rows: index..<index + 1))
  }

  private func steps(of table: Table) throws(Fault) -> [Int] {
    guard let path = table.stepPath, file.exists(path) else { return [] }
    return try file.dataset(path).integers(rows: 0..<(rows[table] ?? 0))
  }

  /// Nil where the run keeps no spectra.
  package func spectra() throws(Fault) -> StoredSpectra? {
    guard file.exists("/spectra/radial") else { return nil }
    let frequencies = try file.dataset("/spectra/freq").numbers()
    let steps = try steps(of: .spectra)
    let values = try file.dataset("/spectra/radial").numbers(rows: 0..<steps.count)
    guard values.count == steps.count * frequencies.count else {
      throw .unexpected(
        file: path, object: "/spectra/radial", found: "\(values.count) values",
        expected: "\(steps.count) × \(frequencies.count)")
    }
    let power = steps.indices.map { Array(values[$0 * frequencies.count..<($0 + 1) * frequencies.count]) }
    return StoredSpectra(frequencies: frequencies, steps: steps, power: power)
  }

  // MARK: Final figures

  /// The figures of `/final`, in the order in which they were given; empty before the run is finished.
  package func finalMetrics() throws(Fault) -> [FinalMetric] { try metrics(below: "/final") }

  /// The figures of `/timing/final`.
  package func costs() throws(Fault) -> [FinalMetric] { try metrics(below: "/timing/final") }

  private func metrics(below group: String) throws(Fault) -> [FinalMetric] {
    guard file.exists(group) else { return [] }
    var metrics: [FinalMetric] = []
    for path in try file.datasets(below: group) {
      let dataset = try file.dataset(path)
      let name = String(path.dropFirst(group.count + 1))
      func integer(_ attribute: String) throws(Fault) -> Int? {
        try dataset.numberAttribute(attribute).flatMap { Int(exactly: $0) }
      }
      metrics.append(
        FinalMetric(
          name, try dataset.numbers().first ?? .nan, unit: try dataset.textAttribute("units") ?? "1",
          longName: try dataset.textAttribute("long_name"), realCount: try integer("n_real"),
          fakeCount: try integer("n_fake"), extractor: try dataset.textAttribute("extractor"), k: try integer("k"),
          blocks: try integer("blocks"), floor: try dataset.numberAttribute("floor"),
          standardError: try dataset.numberAttribute("standard_error"),
          higherIsBetter: try dataset.numberAttribute("higher_is_better").map { $0 != 0 }))
    }
    return metrics
  }
}
