import LineupTensors

/// The permutation test of a difference of means between two independent samples.
///
/// All divisions into groups are enumerated while there are at most 200,000 of them (10 against 10 has 184,756);
/// beyond that `permutations` random ones are drawn, and p = (hits + 1)/(permutations + 1).
package func permutationTest(
  _ first: [Double], _ second: [Double], permutations: Int = 10_000, random: RandomStream
) -> TestResult {
  precondition(!first.isEmpty && !second.isEmpty, "a permutation test needs a value on each side")
  let all = first + second
  let (n, m) = (first.count, second.count)
  let total = all.reduce(0, +)
  func difference(_ firstSum: Double) -> Double { firstSum / Double(n) - (total - firstSum) / Double(m) }
  let observed = difference(first.reduce(0, +))
  var tally = Tally(observed: observed)
  if n + m <= 60 && logChoose(n + m, n) <= 12.206 {  // ln 200,000
    var mask = (UInt64(1) << UInt64(n)) - 1
    while mask < UInt64(1) << UInt64(n + m) {
      var sum = 0.0
      var rest = mask
      while rest != 0 {
        sum += all[rest.trailingZeroBitCount]
        rest &= rest - 1
      }
      tally.add(difference(sum))
      mask = nextSubset(after: mask)
    }
    return tally.result(extra: 0)
  }
  var random = random
  var shuffled = all
  for _ in 0..<permutations {
    for place in 0..<n { shuffled.swapAt(place, place + random.integer(below: n + m - place)) }
    tally.add(difference(shuffled.prefix(n).reduce(0, +)))
  }
  return tally.result(extra: 1)
}

/// The permutation test of paired differences by flipping their signs; all 2ⁿ flips up to n = 17, then random ones.
package func signFlipTest(_ differences: [Double], permutations: Int = 10_000, random: RandomStream) -> TestResult {
  precondition(!differences.isEmpty, "a test of differences needs one")
  let count = differences.count
  var tally = Tally(observed: mean(differences))
  if count <= 17 {
    for mask in 0..<(1 << count) {
      let sum = differences.indices.reduce(0.0) {
        $0 + (mask >> $1 & 1 == 0 ? differences[$1] : -differences[$1])
      }
      tally.add(sum / Double(count))
    }
    return tally.result(extra: 0)
  }
  var random = random
  for _ in 0..<permutations {
    let sum = differences.reduce(0.0) { $0 + (random.integer(below: 2) == 0 ? $1 : -$1) }
    tally.add(sum / Double(count))
  }
  return tally.result(extra: 1)
}

/// The next larger number with as many bits set (Gosper's step).
private func nextSubset(after mask: UInt64) -> UInt64 {
  let lowest = mask & (0 &- mask)
  let ripple = mask + lowest
  return ripple | ((mask ^ ripple) >> 2) / lowest
}

/// Counts how many rearrangements are as extreme as the one observed.
private struct Tally {
  let observed: Double
  private var (greater, less, both, all) = (0, 0, 0, 0)

  init(observed: Double) { self.observed = observed }

  mutating func add(_ value: Double) {
    // Sums of the same numbers in another order differ in the last bits and must still count as ties.
    let slack = 1e-12 * max(abs(observed), abs(value))
    all += 1
    if value >= observed - slack { greater += 1 }
    if value <= observed + slack { less += 1 }
    if abs(value) >= abs(observed) - slack { both += 1 }
  }

  func result(extra: Int) -> TestResult {
    func share(_ hits: Int) -> Double { Double(hits + extra) / Double(all + extra) }
    return TestResult(statistic: observed, greater: share(greater), less: share(less), twoSided: share(both))
  }
}
