internal import CLineupHDF5
import LineupSupport

extension RunRecorder {
  /// Ends the recording, be it that the run has completed, failed, or was interrupted and will be resumed later: replaces
  /// the file by a plain, compact one that every HDF5 program opens, with `/final` in it.
  ///
  /// - Parameters:
  ///   - metrics: the figures of `/final`.
  ///   - costs: figures that differ from run to run, such as seconds a step; they go to `/timing/final`.
  ///   - message: why, for the line in `/events`.
  /// - Throws: on any error the file stays as the last commit left it.
  package func finish(
    status: RunStatus, metrics: [FinalMetric] = [], costs: [FinalMetric] = [], message: String = ""
  ) throws(Fault) {
    let lastStep = max(committedStep, tables.compactMap(\.lastStep).max() ?? 0)
    addClosingEvent(status, step: lastStep, message)
    try commit(step: lastStep)
    do {
      try repack(status: status, metrics: metrics, costs: costs)
      let digest = try SHA256.hexadecimalDigest(ofFile: RunFileBuilder.preparation(of: path))
      try RunFileBuilder.install(path)
      try RunDigest.write(digest, of: path)
    } catch {
      DurableFile.discard(RunFileBuilder.preparation(of: path))
      throw error
    }
    retire()
  }

  private func addClosingEvent(_ status: RunStatus, step: Int, _ message: String) {
    let (code, level): (RunEvent.Code, RunEvent.Level) =
      switch status {
      case .completed: (.completed, .information)
      case .failed: (.failed, .error)
      case .queued, .running, .interrupted: (.interrupted, .warning)
      }
    appendEvent(step: step, level: level, code: code, message.isEmpty ? "\(status)" : message)
  }

  private func repack(
    status: RunStatus, metrics: [FinalMetric], costs: [FinalMetric]
  ) throws(Fault) {
    var builder = builder
    builder.finalRows = Dictionary(uniqueKeysWithValues: tables.map { ($0.table, $0.rows) })
    let plain = try builder.build(path)
    for table in tables {
      let writer = TableWriter(table.table, layout)
      try writer.open(in: plain)
      try writer.copy(table.rows, from: file)
    }
    if layout.grid != nil {
      try plain.dataset("/grids/latest").write(try file.dataset("/grids/latest").bytes(), as: .uint8)
    }
    try writeStatus(status, in: plain)
    try writeCounts(in: plain)
    try Self.write(metrics, to: "/final", in: plain)
    try Self.write(costs, to: "/timing/final", in: plain)
    try attachScales(in: plain)
    try plain.close()
  }

  private static func write(_ metrics: [FinalMetric], to group: String, in file: RunFile) throws(Fault) {
    try file.createGroup(group, attributes: [("NX_class", .text("NXcollection"))])
    for metric in metrics {
      let dataset = try Dataset(
        creating: "\(group)/\(metric.name)", in: file, DatasetLayout(type: .float64, shape: []),
        attributes: metric.attributes)
      try dataset.write(withUnsafeBytes(of: metric.value, Array.init), as: .float64)
    }
  }

  /// Links each series to its step axis, as the dimension scales of HDF5. They consist of references, which a file that is
  /// read while it grows may not have; so only finished files have them.
  private func attachScales(in file: RunFile) throws(Fault) {
    for table in Table.allCases {
      guard let stepPath = table.stepPath, tables[table.rawValue].columns.count > 1 else { continue }
      let scale = try file.dataset(stepPath)
      try call(.writing, scale.place) { H5DSset_scale(scale.handle.id, "step") }
      for column in tables[table.rawValue].columns.dropFirst() {
        let dataset = try file.dataset(column.path)
        try call(.writing, dataset.place) { H5DSattach_scale(dataset.handle.id, scale.handle.id, 0) }
      }
    }
    guard !layout.spectrumFrequencies.isEmpty else { return }
    let frequency = try file.dataset("/spectra/freq")
    let radial = try file.dataset("/spectra/radial")
    try call(.writing, frequency.place) { H5DSset_scale(frequency.handle.id, "freq") }
    try call(.writing, radial.place) { H5DSattach_scale(radial.handle.id, frequency.handle.id, 1) }
  }
}
