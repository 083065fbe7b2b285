import Foundation
import LineupMeasurements
import LineupTensors
import Testing

/// `rows` points of a normal distribution with diagonal covariance.
func normalPoints(_ rows: Int, deviations: [Double], shift: Double = 0, seed: UInt64) -> FeatureMatrix {
  var random = RandomStream(seed: seed)
  return FeatureMatrix(rows: rows, columns: deviations.count) { _, column in
    shift + deviations[column] * Double(random.normal())
  }
}

@Suite struct FrechetDistanceTests {
  @Test func agreesWithIndependentPackages() {
    #expect(agrees(Golden.real[0, 0], 0.361615431965))
    #expect(agrees(Golden.generated[63, 7], -0.673971200094))
    #expect(agrees(Golden.test[5, 2], -0.310027577685))
    let terms = FrechetDistance(real: Golden.real).terms(to: Golden.generated)
    #expect(agrees(terms.distance, 0.0716446776167))
    #expect(agrees(terms.mean, 0.0130920651978))
    #expect(agrees(terms.realTrace, 4.11240991794))
    #expect(agrees(terms.generatedTrace, 3.23834171807))
    #expect(agrees(terms.rootTrace, 3.64609951179))
  }

  @Test func vanishesForEqualSetsAndIsTheShiftForShiftedOnes() {
    #expect(frechetDistance(real: Golden.real, generated: Golden.real) < 1e-9)
    let shifted = FeatureMatrix(rows: 64, columns: 8) { Golden.real[$0, $1] + 0.5 }
    #expect(agrees(frechetDistance(real: Golden.real, generated: shifted), 8 * 0.25, within: 1e-7))
  }

  @Test func comparesDeviationsOfDiagonalGaussians() {
    let real = normalPoints(40_000, deviations: [1, 2, 0.5], seed: 1)
    let generated = normalPoints(40_000, deviations: [2, 1, 0.5], shift: 1, seed: 2)
    #expect(abs(frechetDistance(real: real, generated: generated) - (3 + 1 + 1)) < 0.12)
  }
}

@Suite struct KernelDistanceTests {
  @Test func agreesWithIndependentPackages() {
    func distance(_ estimate: DiscrepancyEstimate, _ kernel: DistanceKernel = .cubic) -> Double {
      kernelDistance(real: Golden.real, generated: Golden.generated, kernel: kernel, estimate: estimate)
    }
    #expect(agrees(distance(.unbiased), -0.0519406010050))
    #expect(agrees(distance(.biased), 0.0134115976442))
    #expect(agrees(distance(.uStatistic), -0.0528006928513))
    #expect(agrees(distance(.unbiased, .gaussian(deviation: 10)), -0.000978319024066, within: 1e-8))
    #expect(agrees(distance(.unbiased, .gaussian(deviation: 1)), 0.0197043479229))
  }

  @Test func hasNoBiasAndAnHonestStandardError() {
    let values = (0..<40).map { (seed: Int) -> KernelDistanceEstimate in
      kernelInceptionDistance(
        real: normalPoints(500, deviations: [1, 1, 1, 1], seed: UInt64(2 * seed)),
        generated: normalPoints(500, deviations: [1, 1, 1, 1], seed: UInt64(2 * seed + 1)))
    }
    let mean = values.map(\.value).reduce(0, +) / 40
    let deviation = (values.map { ($0.value - mean) * ($0.value - mean) }.reduce(0, +) / 39).squareRoot()
    let claimed = values.map(\.standardError).reduce(0, +) / 40
    #expect(values[0].blocks == 5)
    #expect(abs(mean) < 3.5 * deviation / 40.0.squareRoot())
    #expect((0.4...2.5).contains(claimed / deviation))
  }
}

@Suite struct NeighbourScoresTests {
  @Test(arguments: [
    (3, [0.9375, 0.46875, 1.171875, 0.1875]),
    (5, [1, 0.640625, 1.7125, 0.9375]),
  ])
  func agreesWithThePRDCPackage(_ k: Int, _ expected: [Double]) {
    let scores = NeighbourBalls(of: Golden.real, k: k).scores(of: Golden.generated)
    let found = [scores.precision, scores.recall, scores.density, scores.coverage]
    for (found, expected) in zip(found, expected) { #expect(agrees(found, expected)) }
  }

  @Test func meetsTheExpectationForEqualDistributions() {
    #expect(agrees(NeighbourBalls.expectedCoverage(real: 2000, generated: 2000, k: 5), 0.96887, within: 1e-5))
    #expect(agrees(NeighbourBalls.expectedCoverage(real: 2000, generated: 2000, k: 3), 0.87519, within: 1e-5))
    let deviations = [Double](repeating: 1, count: 6)
    let scores = NeighbourBalls(of: normalPoints(1500, deviations: deviations, seed: 5))
      .scores(of: normalPoints(1500, deviations: deviations, seed: 6))
    #expect(abs(scores.coverage - 0.969) < 0.015)
    #expect(abs(scores.density - 1) < 0.06)
  }

  @Test func copiesOfFewPointsHaveNoRecallAndLittleCoverage() {
    let real = normalPoints(1000, deviations: [1, 1, 1, 1], seed: 8)
    let copies = real.rows(at: (0..<1000).map { $0 % 50 })
    let scores = NeighbourBalls(of: real).scores(of: copies)
    #expect(scores.precision == 1)
    #expect(scores.recall == 0)
    #expect(scores.coverage < 0.5)
  }

  @Test func shrinkingTowardsTheMeanRaisesPrecisionAndDensityAndLowersRecall() {
    let deviations = [Double](repeating: 1, count: 8)
    let balls = NeighbourBalls(of: normalPoints(800, deviations: deviations, seed: 1))
    let fair = balls.scores(of: normalPoints(800, deviations: deviations, seed: 2))
    let shrunk = balls.scores(of: normalPoints(800, deviations: deviations.map { 0.6 * $0 }, seed: 2))
    #expect(shrunk.precision > fair.precision)
    #expect(shrunk.density > 1.3 * fair.density)
    #expect(shrunk.recall < 0.7 * fair.recall)
  }
}
