/// The Mann–Whitney U test of two independent samples, exact for up to 60 values, ties included.
package struct MannWhitneyTest: Sendable {
  /// Pairs in which the first sample's value is larger, ties counting half.
  package let u: Double
  /// The p-values; `greater` is small when the first sample tends to be larger.
  package let result: TestResult
  /// U/(nm): the probability that a value of the first sample beats one of the second.
  package let superiority: Double

  /// Tests two samples. NaN counts as ∞: a failed run ranks worst.
  package init(_ first: [Double], _ second: [Double]) {
    precondition(!first.isEmpty && !second.isEmpty, "a rank test needs a value on each side")
    let (n, m) = (first.count, second.count)
    let ranks = midranks((first + second).map { $0.isNaN ? .infinity : $0 })
    let rankSum = ranks.prefix(n).reduce(0, +)
    u = rankSum - Double(n * (n + 1)) / 2
    superiority = u / Double(n * m)
    let tails = n + m <= 60 ? Self.exactTails(ranks, n, rankSum) : Self.normalTails(ranks, n, m, u)
    result = TestResult(
      statistic: u, greater: tails.greater, less: tails.less, twoSided: min(1, 2 * min(tails.greater, tails.less)))
  }

  /// Counts the ways to draw n of the ranks by their sum. Midranks are halves, so sums are counted in halves.
  static func sumCounts(_ doubledRanks: [Int], draws: Int) -> [Double] {
    let total = doubledRanks.reduce(0, +)
    var ways = [[Double]](repeating: [Double](repeating: 0, count: total + 1), count: draws + 1)
    ways[0][0] = 1
    for rank in doubledRanks {
      for drawn in stride(from: draws, to: 0, by: -1) {
        for sum in stride(from: total, through: rank, by: -1) where ways[drawn - 1][sum - rank] > 0 {
          ways[drawn][sum] += ways[drawn - 1][sum - rank]
        }
      }
    }
    return ways[draws]
  }

  private static func exactTails(_ ranks: [Double], _ n: Int, _ rankSum: Double) -> (greater: Double, less: Double) {
    let counts = sumCounts(ranks.map { Int(2 * $0) }, draws: n)
    let observed = Int(2 * rankSum)
    let all = counts.reduce(0, +)
    return (counts[observed...].reduce(0, +) / all, counts[...observed].reduce(0, +) / all)
  }

  private static func normalTails(
    _ ranks: [Double], _ n: Int, _ m: Int, _ u: Double
  ) -> (greater: Double, less: Double) {
    let total = Double(n + m)
    var ties: [Double: Double] = [:]
    for rank in ranks { ties[rank, default: 0] += 1 }
    let correction = ties.values.reduce(0) { $0 + ($1 * $1 * $1 - $1) } / (total * (total - 1))
    let deviation = (Double(n * m) / 12 * (total + 1 - correction)).squareRoot()
    guard deviation > 0 else { return (1, 1) }
    let distance = u - Double(n * m) / 2
    return (normalUpperTail((distance - 0.5) / deviation), normalUpperTail((-distance - 0.5) / deviation))
  }
}

/// The Hodges–Lehmann shift: the median of all differences first − second, with the interval that inverts the
/// Mann–Whitney test (exact for samples without ties).
package struct HodgesLehmannShift: Sendable {
  package let shift: Double
  package let interval: Interval

  package init(_ first: [Double], _ second: [Double], confidence: Double = 0.95) {
    let (n, m) = (first.count, second.count)
    precondition(n > 0 && m > 0, "a shift needs a value on each side")
    let differences = first.flatMap { a in second.map { b in a == b ? 0 : a - b } }.sorted()
    shift = sortedQuantile(differences, 0.5)
    let cut = Self.criticalCount(n, m, tail: (1 - confidence) / 2)
    // With too few values no finite interval has the confidence.
    interval =
      cut == 0
      ? Interval(lower: -.infinity, upper: .infinity)
      : Interval(lower: differences[cut - 1], upper: differences[n * m - cut])
  }

  /// The largest c with P(U ≤ c − 1) ≤ tail; 0 when there is none.
  private static func criticalCount(_ n: Int, _ m: Int, tail: Double) -> Int {
    guard n + m <= 60 else {
      let deviation = (Double(n * m * (n + m + 1)) / 12).squareRoot()
      let z = solve(for: 1 - tail, in: 0...40) { 1 - normalUpperTail($0) }
      return max(0, Int((Double(n * m) / 2 - z * deviation).rounded(.down)))
    }
    let counts = MannWhitneyTest.sumCounts((1...n + m).map { 2 * $0 }, draws: n)
    let all = counts.reduce(0, +)
    var cumulative = 0.0
    var cut = 0
    for u in 0...n * m {
      cumulative += counts[n * (n + 1) + 2 * u]
      if cumulative / all > tail { break }
      cut = u + 1
    }
    return cut
  }
}
