import LineupSupport

/// Makes a run file with every object that a layout asks for and no rows in it.
struct RunFileBuilder {
  var layout: RunLayout
  /// Where the run was started, and for a resumed one where it was last resumed.
  var provenance: Provenance
  var resumedProvenance: Provenance?
  /// When the run was started, ISO 8601.
  var created: String
  /// Rows that each table will end with, where that is known: keeps chunks of small finished files small.
  var finalRows: [Table: Int]?

  /// The name under which the file that will be `path` is prepared. One writer a run, so one name is enough.
  static func preparation(of path: String) -> String { path + ".partial" }

  /// Gives the prepared file its name, after bringing it to the disk.
  static func install(_ path: String) throws(Fault) {
    try DurableFile.install(preparation(of: path), as: path)
  }

  /// Builds the file under that name; what a killed process, or anyone else, left there is deleted first.
  func build(_ path: String) throws(Fault) -> RunFile {
    DurableFile.discard(Self.preparation(of: path))
    let file = try RunFile.create(Self.preparation(of: path), named: path)
    try describeRoot(of: file)
    try buildRun(in: file)
    try buildGroups(in: file)
    for table in Table.allCases {
      for column in layout.columns(of: table) {
        let chunk = finalRows.map { min(column.chunkRows, max(1, $0[table] ?? 1)) } ?? column.chunkRows
        _ = try Dataset(
          creating: column.path, in: file,
          DatasetLayout(
            type: column.type, shape: [0] + column.rowShape, grows: true, chunkRows: chunk, packing: column.packing,
            fill: column.fill),
          attributes: column.attributes)
      }
    }
    try buildFixedSize(in: file)
    return file
  }

  private func describeRoot(of file: RunFile) throws(Fault) {
    try file.setAttributes([
      ("format", .text(RunFormat.name)), ("format_version", .integer(RunFormat.version)),
      ("NX_class", .text("NXroot")), ("default", .text("series")), ("created_utc", .text(created)),
      ("git_commit", .text(provenance["git_commit"] ?? "unknown")),
      ("git_dirty", .flag(provenance["git_dirty"] == "true")),
    ])
    let specification = (name: "config_sha256", value: AttributeValue.text(layout.configSHA256))
    for (name, value) in layout.identity + [specification] + layout.attributes { try file.setAttribute(name, value) }
  }

  private func buildRun(in file: RunFile) throws(Fault) {
    try file.createGroup("/run", attributes: [("NX_class", .text("NXentry"))])
    try file.createString("/run/config_json", layout.configJSON)
    let groups: [(String, Provenance?)] = [
      ("/run/provenance", provenance), ("/run/provenance_resumed", resumedProvenance),
    ]
    for (path, provenance) in groups {
      guard let provenance else { continue }
      try file.createGroup(path, attributes: [("NX_class", .text("NXcollection"))])
      for entry in provenance.entries { try file.createString("\(path)/\(entry.name)", entry.value) }
    }
    let single: [(String, ElementType, String)] = [
      ("/run/status", .uint8, "0 queued, 1 running, 2 completed, 3 failed, 4 interrupted"),
      ("/run/heartbeat", .float64, "when the writer was last seen, seconds since 1970"),
      ("/run/resumes", .uint32, "how often the run was resumed"),
      ("/committed", .uint64, "last training step whose rows are all in the file"),
    ]
    for (path, type, meaning) in single {
      let dataset = try Dataset(creating: path, in: file, DatasetLayout(type: type, shape: [1]))
      try dataset.setAttribute("long_name", .text(meaning))
      try dataset.write([UInt8](repeating: 0, count: type.size), as: type)
    }
    let rows = try Dataset(
      creating: "/run/committed_rows", in: file, DatasetLayout(type: .uint64, shape: [Table.allCases.count]))
    try rows.setAttribute("long_name", .text("rows of each table that are wholly in the file"))
    try rows.setAttribute("tables", .texts(Table.allCases.map { "\($0)" }))
    try rows.write([UInt8](repeating: 0, count: 8 * Table.allCases.count), as: .uint64)
  }

  /// The groups, with the NeXus attributes from which viewers know what to plot.
  private func buildGroups(in file: RunFile) throws(Fault) {
    let entry: [(String, AttributeValue)] = [("NX_class", .text("NXentry"))]
    try file.createGroup("/series", attributes: entry + [("default", .text("train"))])
    let trainDefault = layout.lossNames.isEmpty ? [] : [("default", AttributeValue.text("loss"))]
    try file.createGroup("/series/train", attributes: Self.plot("images", axes: ["step"]) + trainDefault)
    try buildCurves("/series/train/loss", layout.lossNames, in: file)
    try buildCurves("/series/train/grad_norm", layout.networkNames, in: file)
    let metric = layout.evaluationMetrics.map(\.name).first { !$0.contains("/") }
    try file.createGroup("/series/eval", attributes: Self.plot(metric ?? "flops", axes: ["step"]))
    try file.createGroup("/timing", attributes: [("NX_class", .text("NXcollection"))])
    for path in ["/timing/train", "/timing/eval"] {
      try file.createGroup(path, attributes: Self.plot("wall_s", axes: ["step"]))
    }
    if layout.sample != nil { try file.createGroup("/samples", attributes: [("NX_class", .text("NXcollection"))]) }
    if layout.grid != nil { try file.createGroup("/grids", attributes: [("NX_class", .text("NXcollection"))]) }
    if !layout.spectrumFrequencies.isEmpty {
      try file.createGroup("/spectra", attributes: Self.plot("radial", axes: ["step", "freq"]))
    }
  }

  /// A group of curves over the training step, which a viewer shows together.
  private func buildCurves(_ path: String, _ names: [String], in file: RunFile) throws(Fault) {
    let simple = names.filter { !$0.contains("/") }
    guard let first = simple.first else { return }
    var attributes = Self.plot(first, axes: ["step"])
    if simple.count > 1 { attributes.append(("auxiliary_signals", .texts(Array(simple.dropFirst())))) }
    try file.createGroup(path, attributes: attributes)
    // A plot's axis has to be a member of its own group.
    try file.createSoftLink("\(path)/step", to: "/series/train/step")
  }

  private static func plot(_ signal: String, axes: [String]) -> [(String, AttributeValue)] {
    [("NX_class", .text("NXdata")), ("signal", .text(signal)), ("axes", .texts(axes))]
  }

  private func buildFixedSize(in file: RunFile) throws(Fault) {
    if let grid = layout.grid {
      let shape = [grid.height, grid.width, 3]
      let latest = try Dataset(
        creating: "/grids/latest", in: file, DatasetLayout(type: .uint8, shape: shape),
        attributes: RunLayout.imageAttributes + [("long_name", .text("the newest display grid"))])
      try latest.write([UInt8](repeating: 0, count: shape.reduce(1, *)), as: .uint8)
    }
    if !layout.spectrumFrequencies.isEmpty {
      let frequencies = layout.spectrumFrequencies
      let axis = try Dataset(
        creating: "/spectra/freq", in: file, DatasetLayout(type: .float64, shape: [frequencies.count]),
        attributes: [("units", .text("cycles/pixel")), ("long_name", .text("spatial frequency"))])
      try axis.write(frequencies.withUnsafeBytes(Array.init), as: .float64)
    }
  }
}
