import Foundation
import LineupDatasets
import LineupFormats

/// How generated points cover a mixture of equal round Gaussians (the figures of Lin et al. 2018, "PacGAN").
package struct MixtureModes: Sendable, Equatable {
  /// How many points were assigned, good or not.
  package let pointCount: Int
  /// How many high-quality points each mode has.
  package let counts: [Int]
  /// Modes with at least one high-quality point.
  package var captured: Int { counts.count { $0 > 0 } }
  /// The share of points within three standard deviations of a centre. In two dimensions a perfect sampler reaches
  /// 1 − e^(−4.5) = 0.9889, not 1.
  package let highQualityShare: Double
  /// KL(high-quality points by mode ‖ uniform) in nats; NaN without such points.
  package let reverseDivergence: Double

  /// Assigns points to the nearest of the centres, one a row.
  package init(points: FeatureMatrix, centres: FeatureMatrix, deviation: Double, reach: Double = 3) {
    pointCount = points.rows
    var counts = [Int](repeating: 0, count: centres.rows)
    let limit = reach * deviation
    for nearest in nearestNeighbours(of: points, in: centres) where nearest.distance < limit {
      counts[nearest.index] += 1
    }
    let good = Double(counts.reduce(0, +))
    self.counts = counts
    highQualityShare = good / Double(points.rows)
    let modes = Double(centres.rows)
    reverseDivergence =
      good == 0 ? .nan : counts.reduce(0.0) { $0 + ($1 > 0 ? Double($1) / good * log(Double($1) / good * modes) : 0) }
  }

  /// Assigns points, laid out as `[count, 2]`, to the nearest mode of a mixture.
  package init(points: [Float], mixture: PointMixture) {
    self.init(
      points: FeatureMatrix(rows: points.count / 2, columns: 2, values: points),
      centres: FeatureMatrix(rows: mixture.modes.count, columns: 2, values: mixture.modes.flatMap { [$0.x, $0.y] }),
      deviation: Double(mixture.deviation))
  }

  /// The expected divergence of a perfect sampler, which draws by chance: (modes − 1)/(2 · points).
  package static func expectedDivergence(modes: Int, points: Int) -> Double {
    Double(modes - 1) / Double(2 * points)
  }
}
