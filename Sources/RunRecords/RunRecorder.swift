import Foundation
import LineupSupport

/// Writes one run's `run.h5`.
///
/// While it lives, the file is in HDF5's single-writer-multiple-readers mode: it can be watched, and a process killed at
/// any moment leaves a file that holds everything up to the last `commit`. Rows are collected in memory until then.
/// `finish` replaces the file by a plain one. A recorder belongs to one task at a time.
///
/// The order that makes a run resumable: record what belongs to a step, `commit(step:)`, then write the checkpoint.
package final class RunRecorder {
  package let path: String
  package let layout: RunLayout
  /// Last step whose rows are all safe.
  package private(set) var committedStep = 0
  /// How often this run was resumed.
  package private(set) var resumes = 0
  /// The newest timing row that a resume brought along: where the clocks go on.
  package internal(set) var restoredTiming: TimingRow?

  var file: RunFile
  var builder: RunFileBuilder
  var tables: [TableWriter]
  /// The first write that failed. The file keeps what was committed; nothing more is written.
  private var failure: Fault?
  private var isFinished = false

  private init(path: String, builder: RunFileBuilder, file: RunFile) {
    self.path = path
    self.builder = builder
    self.layout = builder.layout
    self.file = file
    tables = Table.allCases.map { TableWriter($0, builder.layout) }
  }

  /// Starts a new run; a file of this name is replaced.
  package static func create(
    path: String, layout: RunLayout, provenance: Provenance
  ) throws(Fault) -> RunRecorder {
    let builder = RunFileBuilder(layout: layout, provenance: provenance, created: Clock.timestamp)
    return try prepare(path, builder) { recorder throws(Fault) in
      recorder.addEvent(RunEvent(step: 0, time: Clock.secondsSince1970, code: .started, text: "started"))
    }
  }

  /// Builds the file under another name, fills it, shares it and gives it its name.
  static func prepare(
    _ path: String, _ builder: RunFileBuilder, fill: (RunRecorder) throws(Fault) -> Void
  ) throws(Fault) -> RunRecorder {
    do {
      let file = try builder.build(path)
      let recorder = RunRecorder(path: path, builder: builder, file: file)
      for table in recorder.tables { try table.open(in: file) }
      try fill(recorder)
      for table in recorder.tables {
        try table.write()
        table.close()
      }
      try recorder.writeCounters()
      try file.startSharing()
      for table in recorder.tables { try table.open(in: file) }
      try RunDigest.remove(of: path)
      try RunFileBuilder.install(path)
      return recorder
    } catch {
      DurableFile.discard(RunFileBuilder.preparation(of: path))
      throw error
    }
  }

  func writer(_ table: Table) -> TableWriter { tables[table.rawValue] }

  // MARK: Rows

  /// Adds a training step. Cheap: nothing is written before the next commit.
  package func append(_ row: TrainRow) {
    let writer = writer(.train)
    guard writer.accepts(step: row.step) else { return }
    for (column, value) in [row.step, row.images, row.flops].enumerated() { writer.add(column, value: value) }
    writer.add(3, value: row.learningRate)
    for (index, value) in [row.nanCount, row.clipCount, row.skipCount].enumerated() {
      writer.add(4 + index, value: value)
    }
    addNamed(row.losses, declared: layout.lossNames, what: "loss", to: writer, from: 7)
    addNamed(
      row.gradientNorms, declared: layout.networkNames, what: "network", to: writer, from: 7 + layout.lossNames.count)
    writer.endRows()
  }

  /// Adds an evaluation. Declared metrics that are left out are recorded as NaN.
  package func appendEvaluation(step: Int, flops: Int, metrics: [(name: String, value: Double)]) {
    let writer = writer(.evaluation)
    guard writer.accepts(step: step) else { return }
    writer.add(0, value: step)
    writer.add(1, value: flops)
    addNamed(metrics, declared: layout.evaluationMetrics.map(\.name), what: "metric", to: writer, from: 2)
    writer.endRows()
  }

  private func addNamed(
    _ given: [(name: String, value: Double)], declared: [String], what: String, to writer: TableWriter, from first: Int
  ) {
    // Nearly always the very list that was declared.
    if given.count == declared.count && zip(given, declared).allSatisfy({ $0.name == $1 }) {
      for (index, entry) in given.enumerated() { writer.add(first + index, value: entry.value) }
      return
    }
    for entry in given {
      precondition(
        declared.contains(entry.name),
        "the \(what) '\(entry.name)' was not declared; declared are: \(declared.joined(separator: ", "))")
    }
    for (index, name) in declared.enumerated() {
      writer.add(first + index, value: given.first { $0.name == name }?.value ?? .nan)
    }
  }

  /// Adds a line to `/timing/train`.
  package func appendTiming(_ row: TimingRow) { append(row, to: writer(.trainTiming)) }

  /// Adds a line to `/timing/eval`; `secondsPerStep` is how long the evaluation took.
  package func appendEvaluationTiming(_ row: TimingRow) { append(row, to: writer(.evaluationTiming)) }

  private func append(_ row: TimingRow, to writer: TableWriter) {
    guard writer.accepts(step: row.step) else { return }
    writer.add(0, value: row.step)
    for (index, value) in [row.wallSeconds, row.coreSeconds, row.secondsPerStep].enumerated() {
      writer.add(1 + index, value: value)
    }
    writer.add(4, value: row.residentBytes)
    writer.add(5, value: row.poolPeakBytes)
    writer.endRows()
  }

  /// Adds the samples from the fixed latents, `[fixedSampleCount, …sample shape]`, and their twin made with the averaged
  /// weights where the layout declares it.
  package func appendSamples(step: Int, _ samples: SampleValues, average: SampleValues? = nil) {
    let writer = writer(.samples)
    precondition(!writer.isEmpty, "the layout declares no samples")
    precondition(
      (average != nil) == layout.hasAverageSamples,
      layout.hasAverageSamples ? "samples of the averaged weights are missing" : "average samples were not declared")
    guard writer.accepts(step: step) else { return }
    writer.add(0, value: step)
    for (index, values) in [samples, average].compactMap(\.self).enumerated() {
      writer.add(1 + index, bytes(of: values))
    }
    writer.endRows()
  }

  /// Adds final samples with the label each was asked for (-1 for none) and the seed that makes it again. Batches add up.
  package func appendFinalSamples(_ samples: SampleValues, labels: [Int32], seeds: [UInt64]) {
    let writer = writer(.finalSamples)
    precondition(!writer.isEmpty, "the layout declares no samples")
    precondition(labels.count == seeds.count, "\(labels.count) labels for \(seeds.count) seeds")
    writer.add(0, bytes(of: samples))
    writer.add(1, labels.withUnsafeBytes(Array.init))
    writer.add(2, seeds.withUnsafeBytes(Array.init))
    writer.endRows(labels.count)
  }

  private func bytes(of samples: SampleValues) -> [UInt8] {
    switch (samples, layout.sample) {
    case (.bytes(let values), .images): values
    case (.floats(let values), .points): values.withUnsafeBytes(Array.init)
    default: preconditionFailure("samples are neither the declared images nor the declared points")
    }
  }

  /// Adds a display grid, RGB `[height, width, 3]`; it also becomes `/grids/latest`.
  package func appendGrid(step: Int, _ pixels: [UInt8]) {
    let writer = writer(.grids)
    precondition(!writer.isEmpty, "the layout declares no grid")
    guard writer.accepts(step: step) else { return }
    writer.add(0, value: step)
    writer.add(1, pixels)
    writer.endRows()
    latestGrid = pixels
  }

  /// The grid that the next commit writes to `/grids/latest`.
  var latestGrid: [UInt8]?

  /// Adds a radial power spectrum, one value for each declared frequency.
  package func appendSpectrum(step: Int, _ power: [Double]) {
    let writer = writer(.spectra)
    precondition(!writer.isEmpty, "the layout declares no spectra")
    guard writer.accepts(step: step) else { return }
    writer.add(0, value: step)
    writer.add(1, power.withUnsafeBytes(Array.init))
    writer.endRows()
  }

  /// Adds a line to `/events`, stamped with the present time.
  package func appendEvent(
    step: Int, level: RunEvent.Level = .information, code: RunEvent.Code = .note, _ text: String
  ) {
    addEvent(RunEvent(step: step, time: Clock.secondsSince1970, level: level, code: code, text: text))
  }

  func addEvent(_ event: RunEvent) {
    let writer = writer(.events)
    writer.add(0, event.bytes)
    writer.endRows()
  }

  // MARK: Writing

  /// Writes all collected rows and makes them safe; `step` is the last step they include.
  package func commit(step: Int) throws(Fault) {
    precondition(step >= committedStep, "step \(step) cannot be committed after step \(committedStep)")
    try guarded { () throws(Fault) in
      for table in tables { try table.write() }
      if let latestGrid {
        let dataset = try file.dataset("/grids/latest")
        try dataset.write(latestGrid, as: .uint8)
        self.latestGrid = nil
      }
      committedStep = step
      try writeCounters()
    }
  }

  /// Says that the writer is alive.
  package func heartbeat(_ status: RunStatus = .running) throws(Fault) {
    try guarded { () throws(Fault) in try writeStatus(status, in: file) }
  }

  private func guarded(_ body: () throws(Fault) -> Void) throws(Fault) {
    precondition(!isFinished, "\(path) is finished; nothing can be recorded any more")
    if let failure { throw failure }
    do { try body() } catch {
      failure = error
      throw error
    }
  }

  /// The counters come last: what they count is in the file. Rows first, then the step.
  private func writeCounters() throws(Fault) {
    try writeStatus(.running, in: file)
    try writeCounts(in: file)
  }

  func writeCounts(in file: RunFile) throws(Fault) {
    try overwrite("/run/committed_rows", tables.map { UInt64($0.rows) }, as: .uint64, in: file)
    try overwrite("/committed", [UInt64(committedStep)], as: .uint64, in: file)
  }

  func writeStatus(_ status: RunStatus, in file: RunFile) throws(Fault) {
    try overwrite("/run/status", [status.rawValue], as: .uint8, in: file)
    try overwrite("/run/heartbeat", [Clock.secondsSince1970], as: .float64, in: file)
    try overwrite("/run/resumes", [UInt32(resumes)], as: .uint32, in: file)
  }

  private func overwrite<Value: BitwiseCopyable>(
    _ path: String, _ values: [Value], as type: ElementType, in file: RunFile
  ) throws(Fault) {
    let dataset = try file.dataset(path)
    try dataset.write(values.withUnsafeBytes(Array.init), as: type)
  }

  /// Sets what a resumed run starts with.
  func restore(committedStep: Int, resumes: Int) {
    self.committedStep = committedStep
    self.resumes = resumes
  }

  /// Lets go of the file; the recorder is of no use afterwards.
  func retire() {
    isFinished = true
    for table in tables { table.close() }
    _ = file.handle.close()
  }
}
