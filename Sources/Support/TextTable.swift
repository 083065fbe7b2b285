/// A table of text with aligned columns, for terminals.
package struct TextTable: Sendable {
  private var rows: [[String]]

  package init(columns: [String]) { rows = [columns] }

  package mutating func add(_ row: [String]) { rows.append(row) }

  /// Lines of columns padded to their widest cell; trailing blanks are cut.
  package var text: String {
    let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = row.enumerated().map { $1 + String(repeating: " ", count: widths[$0] - $1.count) }
        .joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
