import Foundation
import LineupMeasurements
import LineupTensors
import Testing

@Suite struct StabilityTests {
  @Test func curvesTellNoiseFromDescent() {
    var random = RandomStream(seed: 1)
    let smooth = (0..<1000).map { 1 + exp(-Double($0) / 300) }
    let noisy = smooth.map { $0 + 0.3 * Double(random.normal()) }
    #expect(LossOscillation(smooth).signChangeRate == 0)
    #expect(LossOscillation(smooth).relativeDeviation < 0.01)
    #expect(abs(LossOscillation(noisy).signChangeRate - 2 / 3.0) < 0.05)
    #expect(LossOscillation(noisy).relativeDeviation > 0.15)
    #expect(rollingMedian([5, 1, 9, 2, 8], window: 3) == [3, 5, 2, 8, 5])
  }

  @Test func gradientSpikesAndNonFiniteNormsAreCounted() {
    var norms = (0..<200).map { 1 + 0.1 * sin(Double($0)) }
    #expect(GradientSteadiness(norms).spikeShare == 0)
    norms[100] = 50
    norms[150] = .nan
    #expect(agrees(GradientSteadiness(norms).spikeShare, 0.01))
    #expect(GradientSteadiness([Double](repeating: 2, count: 30)).variation == 0)
  }

  @Test func discriminatorsThatWinOrGiveUpShow() {
    let saturation = DiscriminatorSaturation(accuracies: [0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.99, 0.5])
    #expect(saturation.saturated == 0.5 && saturation.collapsed == 0.5)
  }

  @Test func failuresAreNamedByCause() {
    var evidence = RunEvidence()
    #expect(evidence.failureCauses.isEmpty)
    evidence.kernelDistance = 0.02
    evidence.gaussianKernelDistance = 0.05
    evidence.coverage = 0.5
    evidence.realCoverage = 0.96
    evidence.frechetDistances = [9, 4, 3, 5.9]
    let training = (0..<100).map { Int32($0 % 10) }
    evidence.classBalance = ClassBalance(predicted: training, training: training, classCount: 10)
    #expect(evidence.failureCauses.isEmpty)
    evidence.sawNonFinite = true
    evidence.kernelDistance = 0.06
    evidence.coverage = 0.4
    evidence.frechetDistances.append(6.1)
    evidence.classBalance = ClassBalance(predicted: training.map { $0 % 7 }, training: training, classCount: 10)
    #expect(evidence.failureCauses == FailureCause.allCases)
  }

  @Test func mixturesAreCountedAsInTheLiterature() {
    let centres = FeatureMatrix(rows: 8, columns: 2) { mode, axis in
      axis == 0 ? cos(2 * Double.pi * Double(mode) / 8) : sin(2 * Double.pi * Double(mode) / 8)
    }
    var random = RandomStream(seed: 1)
    func sample(_ modes: Int) -> FeatureMatrix {
      FeatureMatrix(rows: 20_000, columns: 2) { centres[$0 % modes, $1] + 0.01 * Double(random.normal()) }
    }
    let perfect = MixtureModes(points: sample(8), centres: centres, deviation: 0.01)
    #expect(perfect.captured == 8 && perfect.reverseDivergence < 0.001)
    #expect(abs(perfect.highQualityShare - 0.9889) < 0.003)
    let collapsed = MixtureModes(points: sample(2), centres: centres, deviation: 0.01)
    #expect(collapsed.captured == 2 && agrees(collapsed.reverseDivergence, log(4), within: 1e-3))
    let lost = MixtureModes(points: FeatureMatrix(rows: 3, columns: 2) { _, _ in 0 }, centres: centres, deviation: 0.01)
    #expect(lost.captured == 0 && lost.reverseDivergence.isNaN)
    #expect(agrees(MixtureModes.expectedDivergence(modes: 1000, points: 26_000), 0.0192, within: 1e-2))
  }
}

@Suite struct LikelihoodTests {
  @Test(arguments: [
    (0.2, 0.1, -2.0, -4.04096404997), (-1, -0.95, -3, -1.72885863201), (1, 0.9, -3, -3.61946094774),
    (0, 0, -4, -1.77470903436),
  ])
  func discretisedGaussianAgreesWithThePublishedForm(_ x: Double, _ mean: Double, _ logDeviation: Double, _ e: Double) {
    #expect(agrees(discretisedGaussianLogProbability(x, mean: mean, logDeviation: logDeviation), e))
  }

  @Test func divergenceOfGaussians() {
    #expect(agrees(normalDivergence(mean: 0.3, logVariance: -1), 0.228939720586))
    #expect(normalDivergence(mean: 2, logVariance: 3, fromMean: 2, fromLogVariance: 3) == 0)
    // The prior term of a diffusion with linear β from 1e-4 to 0.02 over 1000 steps, at x = 1, in bits.
    var retained = 1.0
    for step in 0..<1000 { retained *= 1 - 1e-4 - 0.0199 * Double(step) / 999 }
    let prior = normalDivergence(mean: retained.squareRoot(), logVariance: log(1 - retained)) / log(2)
    #expect(agrees(prior, 2.91129454e-5, within: 1e-6))
  }

  @Test func boundsAndBits() {
    #expect(agrees(importanceWeightedBound([-1000, -1000]), 1000))
    #expect(importanceWeightedBound([-3, -1]) < 2)
    #expect(bitsPerDimension(nats: 0, dimensions: 784) == 8)
    #expect(bitsPerDimension(nats: 0, dimensions: 784, range: 2) == 7)
  }
}

@Suite struct ReconstructionTests {
  @Test func agreesWithScikitImage() {
    let (a, b, n) = (Golden.picture, Golden.blurred, Golden.noisy)
    #expect(agrees(a.peakSignalToNoise(to: b), 24.4846394216))
    #expect(agrees(a.peakSignalToNoise(to: n), 29.1735409784))
    #expect(agrees(a.structuralSimilarity(to: b), 0.908985487005))
    #expect(agrees(a.structuralSimilarity(to: n), 0.975252675981))
    #expect(agrees(a.multiscaleSimilarity(to: b), 0.952081281559, within: 1e-6))
    #expect(agrees(a.multiscaleSimilarity(to: n), 0.997668659344, within: 1e-6))
    #expect(a.multiscaleSimilarity(to: a) == 1 && a.peakSignalToNoise(to: a) == 100)
  }

  @Test func fiveScalesAgreeAtALargerSize() {
    let large = GreyImage(
      height: 176, width: 176,
      values: (0..<176 * 176).map { index in
        let (r, c) = (index / 176, index % 176)
        let value =
          0.5 + 0.25 * sin(0.6 * Double(r) + 0.2 * Double(c)) + 0.25 * Double((r / 8 + c / 8) % 2)
        return min(max(value, 0), 1)
      })
    let found = large.multiscaleSimilarity(
      to: gaussianBlurred(large, deviation: 1), weights: [0.0448, 0.2856, 0.3001, 0.2363, 0.1333], window: 11)
    #expect(agrees(found, 0.952055038130, within: 2e-5))
  }

  @Test func batchesAreAveragedOverImagesAndChannels() {
    var random = RandomStream(seed: 2)
    let pixels = (0..<2 * 28 * 28 * 3).map { _ in UInt8(random.integer(below: 256)) }
    let original = PixelBatch(height: 28, width: 28, channels: 3, pixels: pixels)
    let same = ReconstructionScores(original: original, reconstruction: original)
    #expect(
      same.peakSignalToNoise == 100 && agrees(same.structuralSimilarity, 1) && agrees(same.multiscaleSimilarity, 1))
    let shifted = PixelBatch(height: 28, width: 28, channels: 3, pixels: pixels.map { $0 ^ 16 })
    let worse = ReconstructionScores(original: original, reconstruction: shifted)
    #expect(agrees(worse.peakSignalToNoise, 20 * log10(255 / 16.0)))
    #expect(worse.structuralSimilarity < 1)
  }
}
