import LineupSupport

/// The growing end of one table: rows are collected in memory and written when they are committed.
final class TableWriter {
  let table: Table
  let columns: [Column]
  private var datasets: [Dataset] = []
  /// Rows in the file.
  private(set) var rows = 0
  private var pending: [[UInt8]]
  private(set) var pendingRows = 0
  /// Step of the newest row, and of the newest one that a resume brought along.
  private(set) var lastStep: Int?
  private var restoredStep: Int?

  init(_ table: Table, _ layout: RunLayout) {
    self.table = table
    columns = layout.columns(of: table)
    pending = columns.map { _ in [] }
  }

  var isEmpty: Bool { columns.isEmpty }

  /// Opens the datasets; an identifier from before a file is shared must not be used afterwards.
  func open(in file: RunFile) throws(Fault) {
    datasets = []
    for column in columns { datasets.append(try file.dataset(column.path)) }
  }

  func close() { datasets = [] }

  /// Whether a row of this step is to be recorded. A resumed run may measure again at the step it starts from; what it
  /// finds is in the file already.
  func accepts(step: Int) -> Bool {
    if let restoredStep, step <= restoredStep { return false }
    if let lastStep {
      precondition(step > lastStep, "a row of step \(step) cannot follow one of step \(lastStep) in table '\(table)'")
    }
    lastStep = step
    return true
  }

  /// Adds the bytes of some rows to one column; every column has to get the same number before `endRows`.
  func add(_ column: Int, _ bytes: some Sequence<UInt8>) {
    pending[column].append(contentsOf: bytes)
  }

  func add<Value: BitwiseCopyable>(_ column: Int, value: Value) {
    appendBytes(of: value, to: &pending[column])
  }

  func endRows(_ count: Int = 1) {
    pendingRows += count
    for (column, bytes) in zip(columns, pending) {
      precondition(
        bytes.count == pendingRows * column.rowBytes,
        "\(column.path) got \(bytes.count) bytes for \(pendingRows) rows of \(column.rowBytes) bytes")
    }
  }

  /// Writes the collected rows.
  func write() throws(Fault) {
    guard pendingRows > 0 else { return }
    for (index, dataset) in datasets.enumerated() {
      try dataset.append(pending[index], as: columns[index].type, from: rows, rows: pendingRows)
      pending[index].removeAll(keepingCapacity: true)
    }
    rows += pendingRows
    pendingRows = 0
  }

  /// Copies the first `count` rows of another file, block by block.
  func copy(_ count: Int, from source: RunFile) throws(Fault) {
    guard count > 0 else { return }
    for (column, dataset) in zip(columns, datasets) {
      let original = try source.dataset(column.path)
      let block = max(1, (16 << 20) / max(1, column.rowBytes))
      var first = 0
      while first < count {
        let next = min(count, first + block)
        try dataset.append(
          try original.bytes(rows: first..<next), as: column.type, from: first, rows: next - first)
        first = next
      }
    }
    rows = count
    if let path = table.stepPath {
      restoredStep = try source.dataset(path).integers(rows: count - 1..<count).first
      lastStep = restoredStep
    }
  }
}
