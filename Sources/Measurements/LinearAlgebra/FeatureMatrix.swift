import LineupFormats

/// A matrix of float64 features, one row a sample, stored row by row: `[rows, columns]`.
///
/// All statistics are computed on it in float64; a feature network's Float32 output is widened at the door.
package struct FeatureMatrix: Sendable, Equatable {
  /// The number of samples.
  package let rows: Int
  /// The number of features of a sample.
  package let columns: Int
  /// The entries, `values[row * columns + column]`.
  package internal(set) var values: [Double]

  /// A matrix from its entries in row-major order.
  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(
      rows >= 0 && columns > 0 && values.count == rows * columns,
      "a \(rows)×\(columns) feature matrix needs \(rows * columns) values, not \(values.count)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix from single-precision entries in row-major order.
  package init(rows: Int, columns: Int, values: [Float]) {
    self.init(rows: rows, columns: columns, values: values.map(Double.init))
  }

  /// A matrix whose entry at (row, column) is computed by a closure.
  package init(rows: Int, columns: Int, entry: (_ row: Int, _ column: Int) -> Double) {
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { values.append(entry(row, column)) }
    }
    self.init(rows: rows, columns: columns, values: values)
  }

  static func zeros(_ rows: Int, _ columns: Int) -> FeatureMatrix {
    FeatureMatrix(rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
  }

  /// One entry.
  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One sample's features.
  package func row(_ index: Int) -> ArraySlice<Double> {
    values[index * columns..<(index + 1) * columns]
  }

  /// The rows of a range, in order.
  package func rows(_ range: Range<Int>) -> FeatureMatrix {
    FeatureMatrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The rows with the given numbers, in the given order; a number may occur more than once.
  package func rows(at indices: [Int]) -> FeatureMatrix {
    var picked: [Double] = []
    picked.reserveCapacity(indices.count * columns)
    for index in indices { picked.append(contentsOf: row(index)) }
    return FeatureMatrix(rows: indices.count, columns: columns, values: picked)
  }

  /// `count` rows at even distances over the whole matrix, so that a set sorted by class is thinned fairly.
  package func evenlySpaced(_ count: Int) -> FeatureMatrix {
    count >= rows ? self : rows(at: evenlySpacedIndices(count, of: rows))
  }

  /// The rows of this matrix followed by those of another with as many columns.
  package func appending(_ other: FeatureMatrix) -> FeatureMatrix {
    precondition(columns == other.columns, "cannot append \(other.columns) columns to \(columns)")
    return FeatureMatrix(rows: rows + other.rows, columns: columns, values: values + other.values)
  }

  /// Whether no entry is infinite or not a number.
  package var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

/// The numbers ⌊i·total/count⌋ for i from 0 to count − 1: `count` places at even distances among `total`.
package func evenlySpacedIndices(_ count: Int, of total: Int) -> [Int] {
  precondition(count <= total, "cannot pick \(count) distinct places among \(total)")
  return (0..<count).map { $0 * total / count }
}
