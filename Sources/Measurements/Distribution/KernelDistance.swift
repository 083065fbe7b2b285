import Algorithms
import Foundation

/// The kernel of a squared maximum mean discrepancy.
package enum DistanceKernel: Sendable {
  /// (x·y/d + 1)³, the kernel of KID (Bińkowski et al. 2018), with d the number of features.
  case cubic
  /// exp(−‖x − y‖²/(2σ²)).
  case gaussian(deviation: Double)
}

/// Which estimate of the squared discrepancy is taken.
package enum DiscrepancyEstimate: Sendable {
  /// Leaves out a point's product with itself; has no bias and may be negative.
  case unbiased
  /// The plain means, with the products of points with themselves; never negative.
  case biased
  /// Also leaves out the products of real and generated points of equal number; needs equal sizes.
  case uStatistic
}

/// The squared maximum mean discrepancy between two sets of features; with the cubic kernel, KID.
package func kernelDistance(
  real: FeatureMatrix, generated: FeatureMatrix, kernel: DistanceKernel = .cubic,
  estimate: DiscrepancyEstimate = .unbiased
) -> Double {
  precondition(real.columns == generated.columns, "the two sets have different numbers of features")
  let (m, n) = (Double(real.rows), Double(generated.rows))
  precondition(real.rows > 1 && generated.rows > 1, "a kernel distance needs two points or more on each side")
  let within = kernelSums(real, real, kernel)
  let other = kernelSums(generated, generated, kernel)
  let across = kernelSums(real, generated, kernel)
  switch estimate {
  case .unbiased:
    return (within.all - within.diagonal) / (m * (m - 1)) + (other.all - other.diagonal) / (n * (n - 1))
      - 2 * across.all / (m * n)
  case .biased:
    return within.all / (m * m) + other.all / (n * n) - 2 * across.all / (m * n)
  case .uStatistic:
    precondition(m == n, "the U-statistic pairs points, so both sets need the same size")
    return (within.all - within.diagonal + other.all - other.diagonal - 2 * (across.all - across.diagonal))
      / (m * (m - 1))
  }
}

/// The sum of the kernel over all pairs and over the pairs of equal number.
private func kernelSums(
  _ left: FeatureMatrix, _ right: FeatureMatrix, _ kernel: DistanceKernel
) -> (all: Double, diagonal: Double) {
  var (all, diagonal) = (0.0, 0.0)
  switch kernel {
  case .cubic:
    let scale = 1 / Double(left.columns)
    for block in (0..<left.rows).chunks(ofCount: 256) {
      let products = product(left.rows(block), right, transposed: true)
      products.values.withUnsafeBufferPointer { values in
        for row in 0..<products.rows {
          var rowSum = 0.0
          for column in 0..<right.rows {
            let base = values[row * right.rows + column] * scale + 1
            rowSum += base * base * base
          }
          all += rowSum
          let same = block.lowerBound + row
          if same < right.rows {
            let base = values[row * right.rows + same] * scale + 1
            diagonal += base * base * base
          }
        }
      }
    }
  case .gaussian(let deviation):
    let factor = -1 / (2 * deviation * deviation)
    SquaredDistances(from: left, to: right).forEachRow { row, distances in
      var rowSum = 0.0
      for distance in distances { rowSum += exp(factor * distance) }
      all += rowSum
      if row < distances.count { diagonal += exp(factor * distances[row]) }
    }
  }
  return (all, diagonal)
}

/// A kernel distance with its spread.
package struct KernelDistanceEstimate: Sendable {
  /// The unbiased value over the whole sets; small negative values are legal and are printed as they are.
  package let value: Double
  /// The standard error from disjoint blocks, √(variance of the block values / blocks); NaN below two blocks.
  package let standardError: Double
  /// How many disjoint blocks the standard error stands on.
  package let blocks: Int
}

/// How many points of each set KID is taken over: its cost grows with the square.
package func kernelDistanceCount(real: FeatureMatrix, generated: FeatureMatrix) -> Int {
  min(real.rows, generated.rows, 5000)
}

/// KID over `kernelDistanceCount` points of each set, with a standard error from disjoint blocks.
///
/// - Parameter blockSize: points of each side in a block; at least two blocks are made where the sets allow it.
package func kernelInceptionDistance(
  real: FeatureMatrix, generated: FeatureMatrix, blockSize: Int = 500
) -> KernelDistanceEstimate {
  let count = kernelDistanceCount(real: real, generated: generated)
  let size = max(2, min(blockSize, count / 5))
  let blocks = count / size
  let value = kernelDistance(real: real.evenlySpaced(count), generated: generated.evenlySpaced(count))
  guard blocks >= 2 else { return KernelDistanceEstimate(value: value, standardError: .nan, blocks: blocks) }
  // Every blocks-th point, so that a block of a set sorted by class still holds every class.
  let blockValues = (0..<blocks).map { block in
    let indices = (0..<size).map { $0 * blocks + block }
    return kernelDistance(real: real.rows(at: indices), generated: generated.rows(at: indices))
  }
  let mean = blockValues.reduce(0, +) / Double(blocks)
  let variance = blockValues.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(blocks - 1)
  return KernelDistanceEstimate(
    value: value, standardError: (variance / Double(blocks)).squareRoot(), blocks: blocks)
}
