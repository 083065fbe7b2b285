import Foundation

/// The inception score of class probabilities, one row an image (Salimans et al. 2016): exp of the mean divergence of
/// a row from the mean row, between 1 and the number of classes. Rows are split in order into equal parts.
///
/// - Returns: the mean over the splits and their standard deviation with divisor n.
package func inceptionScore(_ probabilities: FeatureMatrix, splits: Int = 1) -> (mean: Double, deviation: Double) {
  precondition((1...probabilities.rows).contains(splits), "cannot split \(probabilities.rows) rows into \(splits)")
  let scores = (0..<splits).map { split in
    let rows = split * probabilities.rows / splits..<(split + 1) * probabilities.rows / splits
    let part = probabilities.rows(rows)
    let marginal = columnMeans(part)
    var sum = 0.0
    for row in 0..<part.rows {
      for column in 0..<part.columns where part[row, column] > 0 {
        sum += part[row, column] * log(part[row, column] / marginal[column])
      }
    }
    return exp(sum / Double(part.rows))
  }
  let average = mean(scores)
  let variance = scores.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(splits)
  return (average, variance.squareRoot())
}

/// The Vendi score (Friedman and Dieng 2023): exp of the entropy of the eigenvalues of the cosine kernel over n, the
/// number of samples that equally different ones would have to be.
package func vendiScore(_ features: FeatureMatrix) -> Double {
  var unit = features
  for row in 0..<features.rows {
    let norm = features.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
    for column in 0..<features.columns { unit[row, column] /= norm > 0 ? norm : 1 }
  }
  // The products of columns have the same non-zero eigenvalues as those of rows; the smaller matrix will do.
  var kernel = FeatureMatrix.zeros(features.columns, features.columns)
  if features.rows < features.columns {
    kernel = product(unit, unit, transposed: true)
  } else {
    addGramOfColumns(unit, to: &kernel)
  }
  let entropy = SymmetricEigen.values(of: kernel).reduce(0.0) { sum, value in
    let share = value / Double(features.rows)
    return share > 0 ? sum - share * log(share) : sum
  }
  return exp(entropy)
}
