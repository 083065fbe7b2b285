import LineupFamilies
import LineupLearning
import LineupTensors
import Testing

/// The option `clipNorm` reaches every network that it is for.
@Suite struct ClippedStepTests {
  /// Networks that were clipped in one step under a tiny limit, a huge one, and none.
  private func clipped<L: Learner>(on batch: Batch, _ make: (Double) -> L) -> [Int] {
    [1e-6, 1e6, 0].map { limit in
      var learner = make(limit)
      let report = learner.step(on: batch, progress: 0.6, random: RandomStream(seed: 2))
      #expect(report.isFinite && report.skipped == 0)
      return report.clipped
    }
  }

  @Test func bothNetworksOfAGAN() {
    let found = clipped(on: AdversarialLearnerTests.images(4)) { limit in
      var options = AdversarialLearnerTests.options(r1: 0)
      options.clipNorm = limit
      return AdversarialLearner(options: options, sampleShape: [8, 12, 2], random: RandomStream(seed: 1))
    }
    #expect(found == [2, 0, 0])
  }

  @Test func aVAE() {
    let batch = Batch(images: VariationalLearnerTests.shapes.sliced(0, 0..<4))
    let found = clipped(on: batch) { limit in
      var options = VariationalLearnerTests.options(.learned)
      options.clipNorm = limit
      return VariationalLearnerTests.learner(options)
    }
    #expect(found == [1, 0, 0])
  }

  @Test func pixelDiffusion() {
    let found = clipped(on: Batch(images: PixelDiffusionLearnerTests.squares(4))) { limit in
      var options = PixelDiffusionLearnerTests.tiny()
      options.clipNorm = limit
      return PixelDiffusionLearnerTests.learner(options)
    }
    #expect(found == [1, 0, 0])
  }

  @Test func theSecondStageOfLatentDiffusion() {
    let found = clipped(on: LatentDiffusionLearnerTests.blobs(0)) { limit in
      var options = LatentDiffusionLearnerTests.options()
      options.clipNorm = limit
      return LatentDiffusionLearnerTests.learner(options)
    }
    #expect(found == [1, 0, 0])
  }
}
