import Algorithms
import LineupDatasets
import LineupFormats
import LineupLearning
import LineupMeasurements
import LineupTensors

/// Draws samples for evaluations: always the same latents and the same conditions for a seed.
struct Sampling {
  let context: TrialContext
  private let random: RandomStream

  init(_ context: TrialContext) {
    self.context = context
    random = context.random.split("sampling")
  }

  /// The captions and labels that sample `i` is drawn with: those of a training image drawn at random, so that the
  /// conditions have the training set's own distribution. Empty for arms that use none.
  func conditions(_ range: Range<Int>) -> (captions: [String], labels: [Int32]) {
    guard context.arm.usesLabels, case .images(let splits) = context.data else { return ([], []) }
    let indices = range.map { index in
      var stream = random.split("condition").split(index)
      return stream.integer(below: splits.train.count)
    }
    return (
      splits.train.captions.isEmpty ? [] : indices.map { splits.train.captions[$0] },
      indices.map { splits.train.labels[$0] }
    )
  }

  /// Samples `0 ..< count` in batches, without guidance.
  func samples(from learner: some Learner, count: Int, weights: WeightChoice) -> Tensor {
    let size = context.specification.evaluation.sampleBatch
    let parts = (0..<count).chunks(ofCount: size).map { learner.sample(request($0, weights: weights)).images }
    return concatenated(parts, along: 0)
  }

  /// The request of some samples.
  func request(_ range: Range<Int>, weights: WeightChoice, keepsTrajectory: Bool = false) -> SampleRequest {
    let conditions = conditions(range)
    return SampleRequest(
      count: range.count, random: random.split("latents"), firstIndex: range.lowerBound, weights: weights,
      captions: conditions.captions, labels: conditions.labels, keepsTrajectory: keepsTrajectory)
  }
}

extension PixelBatch {
  /// Samples `[count, height, width, channels]` in [−1, 1], quantised to 8 bits.
  init(quantising images: Tensor) {
    self.init(
      height: images.shape[1], width: images.shape[2], channels: images.shape[3],
      pixels: images.withValues { $0.map(PixelScale.toByte) })
  }
}
