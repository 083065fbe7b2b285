import Algorithms

/// Squared Euclidean distances between the rows of two matrices, block by block of the left rows.
struct SquaredDistances {
  private let left: FeatureMatrix
  private let right: FeatureMatrix
  private let leftNorms: [Double]
  private let rightNorms: [Double]

  /// Left rows a block: a constant, so that results do not depend on the machine.
  private static let blockRows = 128

  init(from left: FeatureMatrix, to right: FeatureMatrix) {
    precondition(left.columns == right.columns, "cannot compare \(left.columns) features with \(right.columns)")
    self.left = left
    self.right = right
    leftNorms = Self.norms(left)
    rightNorms = Self.norms(right)
  }

  private static func norms(_ matrix: FeatureMatrix) -> [Double] {
    matrix.values.withUnsafeBufferPointer { values in
      (0..<matrix.rows).map { row in
        var sum = 0.0
        for index in row * matrix.columns..<(row + 1) * matrix.columns { sum += values[index] * values[index] }
        return sum
      }
    }
  }

  /// Calls `body` with each left row's number and its distances to every right row.
  func forEachRow(_ body: (_ row: Int, _ squaredDistances: UnsafeBufferPointer<Double>) -> Void) {
    let columns = left.columns
    var block = [Double](repeating: 0, count: Self.blockRows * right.rows)
    left.values.withUnsafeBufferPointer { a in
      right.values.withUnsafeBufferPointer { b in
        block.withUnsafeMutableBufferPointer { block in
          for part in (0..<left.rows).chunks(ofCount: Self.blockRows) {
            let start = part.lowerBound
            let rows = UnsafeBufferPointer(rebasing: a[start * columns..<part.upperBound * columns])
            multiply(
              rows, b, into: block, rows: part.count, inner: columns, columns: right.rows, rightStride: columns,
              rightTransposed: true)
            for row in 0..<part.count {
              let line = UnsafeMutableBufferPointer(rebasing: block[row * right.rows..<(row + 1) * right.rows])
              finish(line, row: start + row, a, b)
              body(start + row, UnsafeBufferPointer(line))
            }
          }
        }
      }
    }
  }

  /// Turns inner products into squared distances. ‖a‖² + ‖b‖² − 2ab cancels for close points, so distances far
  /// below the norms are computed again from the differences: a copy then has distance exactly 0.
  private func finish(
    _ line: UnsafeMutableBufferPointer<Double>, row: Int, _ a: UnsafeBufferPointer<Double>,
    _ b: UnsafeBufferPointer<Double>
  ) {
    let columns = left.columns
    let norm = leftNorms[row]
    rightNorms.withUnsafeBufferPointer { rightNorms in
      for other in 0..<line.count { line[other] = norm + rightNorms[other] - 2 * line[other] }
      for other in 0..<line.count where line[other] < 1e-8 * (norm + rightNorms[other]) {
        var sum = 0.0
        for column in 0..<columns {
          let difference = a[row * columns + column] - b[other * columns + column]
          sum += difference * difference
        }
        line[other] = sum
      }
    }
  }
}
