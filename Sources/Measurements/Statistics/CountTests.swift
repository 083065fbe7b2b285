import Foundation

/// Fisher's exact test: do `first` of `firstTotal` and `second` of `secondTotal` differ in rate?
///
/// `greater` is small when the first rate is higher. The two-sided value adds all tables no more probable.
package func fisherExactTest(_ first: Int, of firstTotal: Int, _ second: Int, of secondTotal: Int) -> TestResult {
  precondition(
    (0...firstTotal).contains(first) && (0...secondTotal).contains(second), "a count exceeds its total")
  let events = first + second
  let range = max(0, events - secondTotal)...min(firstTotal, events)
  func probability(_ count: Int) -> Double {
    exp(
      logChoose(firstTotal, count) + logChoose(secondTotal, events - count)
        - logChoose(firstTotal + secondTotal, events))
  }
  let observed = probability(first)
  var (greater, less, both) = (0.0, 0.0, 0.0)
  for count in range {
    let p = probability(count)
    if count >= first { greater += p }
    if count <= first { less += p }
    if p <= observed * (1 + 1e-7) { both += p }
  }
  return TestResult(
    statistic: Double(first), greater: min(1, greater), less: min(1, less), twoSided: min(1, both))
}

/// The exact interval of a rate (Clopper and Pearson 1934) after `events` of `total`.
package func clopperPearsonInterval(_ events: Int, of total: Int, confidence: Double = 0.95) -> Interval {
  precondition(total > 0 && (0...total).contains(events), "\(events) of \(total) is no rate")
  let tail = (1 - confidence) / 2
  let (k, n) = (Double(events), Double(total))
  let lower = events == 0 ? 0 : solve(for: tail, in: 0...1) { regularisedBeta($0, k, n - k + 1) }
  let upper = events == total ? 1 : solve(for: 1 - tail, in: 0...1) { regularisedBeta($0, k + 1, n - k) }
  return Interval(lower: lower, upper: upper)
}

/// The sign test of paired differences; zeros are left out. `greater` is small when most differences are positive.
package func signTest(_ differences: [Double]) -> TestResult {
  let positive = differences.count { $0 > 0 }
  let total = positive + differences.count { $0 < 0 }
  func probability(_ range: ClosedRange<Int>) -> Double {
    min(1, range.reduce(0) { $0 + exp(logChoose(total, $1) - Double(total) * log(2)) })
  }
  let (greater, less) = (probability(positive...total), probability(0...positive))
  return TestResult(
    statistic: Double(positive), greater: greater, less: less, twoSided: min(1, 2 * min(greater, less)))
}

/// Holm's adjusted p-values, in the order given: compare each with the level of the whole family of tests.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var largest = 0.0
  for (place, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, Double(pValues.count - place) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
