/// Mean and covariance of features.
package struct Moments: Sendable {
  /// The mean of each feature.
  package let mean: [Double]
  /// The covariance with divisor N − 1, `[columns, columns]`.
  package let covariance: FeatureMatrix
  /// How many samples were seen.
  package let count: Int

  /// Moments of at least two samples.
  package init(of features: FeatureMatrix) {
    precondition(features.rows >= 2, "a covariance needs two samples or more, not \(features.rows)")
    mean = columnMeans(features)
    count = features.rows
    var sum = FeatureMatrix.zeros(features.columns, features.columns)
    addGramOfColumns(centred(features, at: mean), to: &sum)
    let divisor = Double(features.rows - 1)
    for index in sum.values.indices { sum.values[index] /= divisor }
    covariance = sum
  }

  /// The sum of all variances.
  package var trace: Double { (0..<mean.count).reduce(0) { $0 + covariance[$1, $1] } }
}

/// The mean of each column.
func columnMeans(_ matrix: FeatureMatrix) -> [Double] {
  var sums = [Double](repeating: 0, count: matrix.columns)
  matrix.values.withUnsafeBufferPointer { values in
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { sums[column] += values[row * matrix.columns + column] }
    }
  }
  return sums.map { $0 / Double(max(matrix.rows, 1)) }
}

/// The matrix with `mean` taken from every row.
func centred(_ matrix: FeatureMatrix, at mean: [Double]) -> FeatureMatrix {
  var result = matrix
  result.values.withUnsafeMutableBufferPointer { values in
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { values[row * matrix.columns + column] -= mean[column] }
    }
  }
  return result
}
