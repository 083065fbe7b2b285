/// Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020) from balls that reach from
/// each point to its k-th nearest neighbour in its own set.
package struct NeighbourScores: Sendable, Equatable {
  /// The share of generated points inside some real ball. Blur raises it: fidelity is never read from it alone.
  package let precision: Double
  /// The share of real points inside some generated ball.
  package let recall: Double
  /// Real balls that hold a generated point, counted over all points and divided by k; 1 for equal distributions.
  package let density: Double
  /// The share of real balls that hold a generated point; 1 − 2^−k for equal distributions and large equal sets.
  package let coverage: Double
}

/// Real features with the squared radii of their balls, shared by many evaluations.
package struct NeighbourBalls: Sendable {
  package let features: FeatureMatrix
  /// Which neighbour, the point itself not counted, a ball reaches to.
  package let k: Int
  let squaredRadii: [Double]

  /// The balls of a set with more than `k` points.
  package init(of features: FeatureMatrix, k: Int = 5) {
    precondition(k > 0 && features.rows > k, "balls to neighbour \(k) need more than \(k) points, not \(features.rows)")
    self.features = features
    self.k = k
    squaredRadii = neighbourDistances(in: features, k: k)
  }

  /// The scores of generated features. A point on a ball's edge lies outside, as in the package `prdc`.
  package func scores(of generated: FeatureMatrix) -> NeighbourScores {
    let generatedBalls = NeighbourBalls(of: generated, k: k).squaredRadii
    var coveredReal = [Bool](repeating: false, count: features.rows)
    var reachedReal = coveredReal
    var inside = 0
    var precise = 0
    SquaredDistances(from: generated, to: features).forEachRow { row, distances in
      let ownRadius = generatedBalls[row]
      var hits = 0
      for real in 0..<distances.count {
        if distances[real] < squaredRadii[real] {
          hits += 1
          coveredReal[real] = true
        }
        if distances[real] < ownRadius { reachedReal[real] = true }
      }
      inside += hits
      precise += hits > 0 ? 1 : 0
    }
    let (n, m) = (Double(features.rows), Double(generated.rows))
    return NeighbourScores(
      precision: Double(precise) / m, recall: Double(reachedReal.count { $0 }) / n,
      density: Double(inside) / (Double(k) * m), coverage: Double(coveredReal.count { $0 }) / n)
  }

  /// The coverage that sets of `real` and `generated` points from one distribution have on average.
  package static func expectedCoverage(real: Int, generated: Int, k: Int) -> Double {
    1 - (1...k).reduce(1.0) { $0 * Double(real - $1) / Double(generated + real - $1) }
  }
}

/// The squared distance of each point to its k-th nearest other point.
private func neighbourDistances(in features: FeatureMatrix, k: Int) -> [Double] {
  var radii = [Double](repeating: 0, count: features.rows)
  var nearest = [Double](repeating: .infinity, count: k)
  SquaredDistances(from: features, to: features).forEachRow { row, distances in
    for place in 0..<k { nearest[place] = .infinity }
    for other in 0..<distances.count where other != row && distances[other] < nearest[k - 1] {
      // Insertion into the k smallest so far.
      var place = k - 1
      while place > 0 && nearest[place - 1] > distances[other] {
        nearest[place] = nearest[place - 1]
        place -= 1
      }
      nearest[place] = distances[other]
    }
    radii[row] = nearest[k - 1]
  }
  return radii
}
