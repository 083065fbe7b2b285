import Foundation
import LineupMeasurements
import LineupTensors
import Testing

@Suite struct StatisticsTests {
  let a = [3.1, 2.7, 9.4, 3.3, 2.9, 15.2, 3.0, 3.6, 2.8, 4.1]
  let b = [2.2, 2.4, 2.1, 2.3, 2.6, 2.5, 2.0, 2.45, 2.35, 2.15]

  @Test func rankTestAgreesWithSciPy() {
    let test = MannWhitneyTest(a, b)
    #expect(test.u == 100 && test.superiority == 1)
    #expect(agrees(test.result.greater, 5.41254411e-6, within: 1e-2))
    #expect(abs(test.result.greater * 184_756 - 1) < 1e-9)
    #expect(abs(test.result.twoSided - 2 * test.result.greater) < 1e-18)
    // The smallest one-sided value that n runs an arm can give.
    for (n, expected) in [(3, 0.05), (4, 1 / 70.0), (5, 1 / 252.0)] {
      let high = (0..<n).map { Double($0) + 10 }
      #expect(agrees(MannWhitneyTest(high, (0..<n).map(Double.init)).result.greater, expected))
    }
  }

  @Test func rankTestHandlesTiesAndFailedRunsAndLargeSamples() {
    // By hand: of the 6 ways to draw two of the midranks {1.5, 1.5, 3, 4}, one has a sum of 7 or more.
    let tied = MannWhitneyTest([2, 5], [1, 1])
    #expect(tied.u == 4 && agrees(tied.result.greater, 1 / 6.0))
    let mixed = MannWhitneyTest([1, 2, 2, 5, 7, 7, 3.5], [2, 2, 0, 4, 1])
    #expect(mixed.u == 26.5 && agrees(mixed.result.greater, 0.08080808080808081))
    #expect(MannWhitneyTest([1, 1, 1], [1, 1, 1]).result.twoSided == 1)
    #expect(
      MannWhitneyTest([.nan, .infinity], [1, 2]).result.greater == MannWhitneyTest([3, 3], [1, 2]).result.greater)
    let many = (0..<40).map(Double.init)
    let shifted = MannWhitneyTest(many.map { $0 + 8.5 }, many).result
    #expect((0.0008...0.0030).contains(shifted.greater))
  }

  @Test func shiftIntervalHoldsTheShift() {
    let shift = HodgesLehmannShift(a, b)
    #expect(agrees(shift.shift, 0.925, within: 0.05))
    #expect(shift.interval.lower > 0 && shift.interval.lower < shift.shift && shift.interval.upper > shift.shift)
    let tooFew = HodgesLehmannShift([1, 2], [3, 4])
    #expect(tooFew.interval.lower == -.infinity)
    #expect(HodgesLehmannShift([.infinity, .infinity, 5], [.infinity, 1, 2]).shift > 0)
  }

  @Test func shiftIntervalCoversAsOftenAsItSays() {
    var random = RandomStream(seed: 9)
    let covered = (0..<400).count { _ in
      let first = (0..<10).map { _ in Double(random.normal()) + 1 }
      let second = (0..<10).map { _ in Double(random.normal()) }
      let interval = HodgesLehmannShift(first, second).interval
      return interval.lower <= 1 && interval.upper >= 1
    }
    #expect((368...398).contains(covered))
  }

  @Test func spreadTestAgreesWithSciPy() {
    let test = BrownForsytheTest([a.map { log($0) }, b.map { log($0) }])
    #expect(agrees(test.statistic, 2.93169406, within: 1e-8))
    #expect(agrees(test.p, 0.10403021305186, within: 1e-10))
    #expect(
      agrees(standardDeviation(a.map { log($0) }) / standardDeviation(b.map { log($0) }), 7.02113522, within: 1e-8))
  }

  @Test func countTestsAgreeWithSciPy() {
    #expect(agrees(fisherExactTest(5, of: 10, 0, of: 10).greater, 0.0162539, within: 1e-5))
    #expect(agrees(fisherExactTest(4, of: 10, 0, of: 10).greater, 0.0433437, within: 1e-5))
    #expect(agrees(fisherExactTest(4, of: 5, 0, of: 5).greater, 0.0238095, within: 1e-5))
    #expect(fisherExactTest(7, of: 20, 0, of: 20).greater < 0.01)
    #expect(fisherExactTest(6, of: 20, 0, of: 20).greater > 0.01)
    for (events, total, lower, upper) in [(0, 10, 0, 0.3085), (0, 20, 0, 0.1684), (5, 10, 0.1871, 0.8129)] {
      let interval = clopperPearsonInterval(events, of: total)
      #expect(abs(interval.lower - lower) < 5e-5 && abs(interval.upper - upper) < 5e-5)
    }
    #expect(agrees(fisherExactTest(3, of: 10, 8, of: 10).twoSided, 0.06977851869492736))
    #expect(agrees(clopperPearsonInterval(3, of: 17, confidence: 0.9).upper, 0.39564143344490194))
    #expect(agrees(signTest([1, 2, 3, 4, 5, 0]).greater, 1 / 32.0))
  }

  @Test func centresAndIntervals() {
    #expect(agrees(interquartileMean(a), 3.33333333, within: 1e-8))
    #expect(agrees(interquartileMean(b), 2.30833333, within: 1e-8))
    // t(0.975; 9) = 2.262157163.
    let interval = studentInterval(a)
    #expect(agrees(interval.upper - mean(a), 2.262157163 * standardDeviation(a) / 10.0.squareRoot(), within: 1e-8))
    let bootstrap = bootstrapInterval(a, replicates: 4000, random: RandomStream(seed: 1))
    #expect(bootstrap == bootstrapInterval(a, replicates: 4000, random: RandomStream(seed: 1)))
    #expect((2.7...3.1).contains(bootstrap.lower) && (3.6...9).contains(bootstrap.upper))
    #expect(quantile([1, 2, 3, 4], 0.25) == 1.75 && median([1, .nan, 2]) == 2)
  }

  @Test func familiesOfTests() {
    let adjusted = holmAdjusted([0.01, 0.04, 0.03])
    for (found, expected) in zip(adjusted, [0.03, 0.06, 0.06]) { #expect(agrees(found, expected)) }
  }

  @Test func permutationTestsAgreeWithCounting() {
    let exact = permutationTest(a, b, random: RandomStream(seed: 1))
    // All values of a exceed those of b, so only the division itself has a difference this large.
    #expect(agrees(exact.greater, 1 / 184_756.0) && agrees(exact.twoSided, 2 / 184_756.0))
    let sampled = permutationTest(a + a, b + b, permutations: 2000, random: RandomStream(seed: 1))
    #expect(agrees(sampled.greater, 1 / 2001.0))
    #expect(agrees(signFlipTest([1, 2, 3, 4], random: RandomStream(seed: 1)).twoSided, 2 / 16.0))
    var random = RandomStream(seed: 4)
    let differences = (0..<30).map { _ in Double(random.normal()) }
    let flips = signFlipTest(differences, random: RandomStream(seed: 2))
    let normal = abs(mean(differences)) / (standardDeviation(differences) / 30.0.squareRoot())
    #expect((flips.twoSided < 0.05) == (normal > 2.05))
  }

  @Test func orderStatistics() {
    let best = expectedBest([3, 1, 2])
    for (found, expected) in zip(best, [2, 4 / 3.0, 1]) { #expect(agrees(found, expected)) }
    #expect(expectedBest([1, .nan]).last == 1)
    #expect(performanceProfile([1, 2, 3, 4], thresholds: [0, 2.5, 5]) == [1, 0.5, 0])
    #expect(agrees(rankCorrelation([1, 2, 2, 4, 9], [3, 1, 4, 4, 5]), 0.7631578947368421))
    #expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 25]) == 0.8)
  }
}
