import LineupFormats

/// The values in ascending order. NaN counts as a failed run: worst, so at the end.
func ascending(_ values: [Double]) -> [Double] { values.map { $0.isNaN ? .infinity : $0 }.sorted() }

/// The arithmetic mean; NaN for none.
package func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The standard deviation with divisor n − 1; NaN below two values.
package func standardDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return .nan }
  let centre = mean(values)
  return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)).squareRoot()
}

/// The median; NaN for none.
package func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

/// The quantile at `share`, interpolated linearly between order statistics (NumPy's default); NaN for none.
package func quantile(_ values: [Double], _ share: Double) -> Double {
  guard !values.isEmpty else { return .nan }
  return sortedQuantile(ascending(values), share)
}

func sortedQuantile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = Int(place.rounded(.down))
  let weight = place - Double(below)
  // Without a weight the next value is not touched: it may be infinite.
  return weight == 0 ? sorted[below] : sorted[below] * (1 - weight) + sorted[below + 1] * weight
}

/// The interquartile mean: ⌊n/4⌋ values are dropped at each end. Robust like the median, steadier with few runs
/// (Agarwal et al. 2021).
package func interquartileMean(_ values: [Double]) -> Double {
  let dropped = values.count / 4
  return mean(Array(ascending(values)[dropped..<values.count - dropped]))
}

/// Ranks from 1, equal values sharing the mean of theirs.
package func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}

/// Spearman's rank correlation; NaN when one side does not vary.
package func rankCorrelation(_ first: [Double], _ second: [Double]) -> Double {
  precondition(first.count == second.count, "a correlation pairs values, so both sides need the same number")
  let (a, b) = (midranks(first), midranks(second))
  let (meanA, meanB) = (mean(a), mean(b))
  var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    products += (x - meanA) * (y - meanB)
    squaresA += (x - meanA) * (x - meanA)
    squaresB += (y - meanB) * (y - meanB)
  }
  return products / (squaresA * squaresB).squareRoot()
}

/// E[min of k draws without replacement] for k = 1 … n: what the best of k tries scores on average.
package func expectedBest(_ values: [Double]) -> [Double] {
  let sorted = ascending(values)
  let n = sorted.count
  return (1...max(n, 1)).prefix(n).map { k in
    // The i-th smallest (from 0) is the minimum of C(n−1−i, k−1) of the C(n, k) subsets.
    var share = Double(k) / Double(n)
    var sum = 0.0
    for i in 0...(n - k) {
      if share > 0 { sum += share * sorted[i] }
      if i < n - k { share *= Double(n - k - i) / Double(n - 1 - i) }
    }
    return sum
  }
}

/// The share of scores that reach each threshold: a performance profile (Agarwal et al. 2021).
package func performanceProfile(_ scores: [Double], thresholds: [Double]) -> [Double] {
  thresholds.map { threshold in Double(scores.count { $0 >= threshold }) / Double(scores.count) }
}
