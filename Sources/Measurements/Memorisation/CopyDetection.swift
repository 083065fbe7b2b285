/// Signs of memorised training points. None of them separates copying from other faults by itself: the scores also
/// move when a model underfits (Stein et al. 2023), so they are read beside the same scores of held-out real points.

/// The percentage of generated points that are authentic (Alaa et al. 2022): their nearest training point has another
/// training point closer to it than they are.
package func authenticPercentage(nearest: [NearestNeighbour], training: FeatureMatrix) -> Double {
  guard !nearest.isEmpty else { return .nan }
  // Few training points are anybody's nearest; only those need their own neighbour.
  let needed = Set(nearest.map(\.index)).sorted()
  let others = Dictionary(
    uniqueKeysWithValues: zip(needed, nearestOthers(of: needed, in: training).map(\.distance)))
  let authentic = nearest.count { $0.distance > others[$0.index] ?? 0 }
  return 100 * Double(authentic) / Double(nearest.count)
}

/// The data-copying statistic Z_U (Meehan et al. 2020): far below 0 when generated points lie closer to the training
/// set than held-out real points do, far above 0 when they lie farther.
///
/// - Parameters: distances to the nearest training point.
package func dataCopyingScore(generated: [Double], heldOut: [Double]) -> Double {
  let (n, m) = (Double(generated.count), Double(heldOut.count))
  guard n > 0, m > 0 else { return .nan }
  let ranks = midranks(generated + heldOut)
  let u = ranks.prefix(generated.count).reduce(0, +) - n * (n + 1) / 2
  return (u - (m * n / 2 - 0.5)) / (m * n * (m + n + 1) / 12).squareRoot()
}

/// The share of generated points closer to the training set than 99 % of held-out real points: 0.01 without copying.
package func copiedShare(generated: [Double], heldOut: [Double]) -> Double {
  guard !generated.isEmpty, !heldOut.isEmpty else { return .nan }
  let limit = quantile(heldOut, 0.01)
  return Double(generated.count { $0 < limit }) / Double(generated.count)
}
