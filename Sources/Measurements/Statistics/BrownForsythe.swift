/// The Brown–Forsythe test of equal spread: an analysis of variance of distances from each group's median.
package struct BrownForsytheTest: Sendable {
  /// The F statistic.
  package let statistic: Double
  /// The probability of an F this large if spreads are equal.
  package let p: Double

  /// Tests two groups or more; distances such as FD are compared by their logarithms.
  package init(_ groups: [[Double]]) {
    precondition(groups.count > 1 && groups.allSatisfy { $0.count > 1 }, "the test needs two groups of two or more")
    let distances = groups.map { group in
      let centre = median(group)
      return group.map { abs($0 - centre) }
    }
    let all = mean(distances.flatMap { $0 })
    let total = distances.reduce(0) { $0 + $1.count }
    let between = distances.reduce(0) { $0 + Double($1.count) * (mean($1) - all) * (mean($1) - all) }
    let within = distances.reduce(0) { sum, group in
      let centre = mean(group)
      return sum + group.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    }
    let (first, second) = (Double(groups.count - 1), Double(total - groups.count))
    statistic = (between / first) / (within / second)
    p = statistic.isFinite ? regularisedBeta(second / (second + first * statistic), second / 2, first / 2) : .nan
  }
}
