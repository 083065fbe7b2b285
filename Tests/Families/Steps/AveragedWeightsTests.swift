import LineupDiffusion
import LineupFamilies
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// The weights of the headline: samples by the average are those of a learner whose weights are the average, computed here.
@Suite struct AveragedWeightsTests {
  static let decay: Float = 0.6

  @Test func aGANSamplesByItsAverage() {
    var options = AdversarialLearnerTests.options(r1: 0)
    options.average = Double(Self.decay)
    options.learningRate = 5e-3
    expectAverage(
      AdversarialLearner(options: options, sampleShape: [8, 12, 2], random: RandomStream(seed: 1)),
      on: AdversarialLearnerTests.images(4))
  }

  @Test func aVAESamplesAndReconstructsByItsAverage() {
    var options = VariationalLearnerTests.options(.learned)
    options.average = Double(Self.decay)
    let batch = Batch(images: VariationalLearnerTests.shapes.sliced(0, 0..<4))
    let (learner, averaged) = expectAverage(VariationalLearnerTests.learner(options), on: batch)
    let reconstruction = learner.reconstruct(batch.images)!
    // A learner of the same weights that keeps no average.
    options.average = 0
    var plain = VariationalLearnerTests.learner(options)
    var values = averaged.parameters.map(\.value)[...]
    plain.forEachParameter { _, parameter in parameter = values.removeFirst() }
    #expect(relativeError(plain.reconstruct(batch.images)!, reconstruction) < 1e-4)
  }

  @Test func pixelDiffusionSamplesByItsAverage() {
    var options = PixelDiffusionLearnerTests.tiny()
    options.average = Double(Self.decay)
    options.sampler.steps = 3
    expectAverage(PixelDiffusionLearnerTests.learner(options), on: Batch(images: PixelDiffusionLearnerTests.squares(4)))
  }

  /// The first stage's weights rest while the second's are averaged.
  @Test func latentDiffusionSamplesByItsAverage() {
    var options = LatentDiffusionLearnerTests.options()
    options.average = Double(Self.decay)
    options.sampler.steps = 3
    var learner = LatentDiffusionLearnerTests.learner(options)
    let batch = LatentDiffusionLearnerTests.blobs(0)
    _ = learner.step(on: batch, progress: 0, random: RandomStream(seed: 1))
    expectAverage(learner, on: batch)
  }

  /// Takes five steps in the last half of the budget, and averages all parameters by hand.
  @discardableResult
  private func expectAverage<L: Learner>(
    _ start: L, on batch: Batch, sourceLocation: SourceLocation = #_sourceLocation
  ) -> (learner: L, averaged: L) {
    var learner = start
    var average = start.parameters.map { $0.value.values }
    for step in 1...5 {
      _ = learner.step(on: batch, progress: 0.5 + Double(step) / 100, random: RandomStream(seed: 4).split(step))
      let kept = min(Self.decay, Float(1 + step) / Float(10 + step))
      for (index, parameter) in learner.parameters.enumerated() {
        average[index] = zip(average[index], parameter.value.values).map { kept * $0 + (1 - kept) * $1 }
      }
    }
    var (averaged, values) = (learner, average[...])
    averaged.forEachParameter { _, parameter in parameter = Tensor(values.removeFirst(), shape: parameter.shape) }

    func samples(_ learner: L, _ weights: WeightChoice) -> Tensor {
      learner.sample(SampleRequest(count: 3, random: RandomStream(seed: 5), weights: weights)).images
    }
    let byAverage = samples(learner, .average)
    #expect(learner.keepsAverage, sourceLocation: sourceLocation)
    #expect(relativeError(samples(averaged, .raw), byAverage) < 1e-4, sourceLocation: sourceLocation)
    #expect(relativeError(samples(learner, .raw), byAverage) > 1e-3, sourceLocation: sourceLocation)
    // The average is what is taken where nothing is said.
    let unasked = learner.sample(SampleRequest(count: 3, random: RandomStream(seed: 5))).images
    #expect(unasked.values == byAverage.values, sourceLocation: sourceLocation)
    return (learner, averaged)
  }
}
