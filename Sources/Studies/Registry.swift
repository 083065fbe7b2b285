import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupFeatureNetworks
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// From an arm of a specification to its learner. A new family is one more case here.
enum Registry {
  /// A fresh learner for an arm. Its sampler takes the evaluation's number of steps where the arm does not say its own.
  ///
  /// - Throws: when the arm cannot work on the data.
  static func learner(
    for arm: Arm, data: TrialData, evaluation: Evaluation, random: RandomStream
  ) throws -> any Learner {
    let shape = data.sampleShape
    switch arm.model {
    case .adversarial(let options):
      try requireFoldableSides(arm, shape)
      return AdversarialLearner(options: options, sampleShape: shape, random: random)
    case .variational(let options):
      try requireFoldableSides(arm, shape)
      return VariationalLearner(options: options, sampleShape: shape, random: random)
    case .pixelDiffusion(var options):
      options.sampler.steps = options.sampler.steps ?? evaluation.samplerSteps
      try requireImages(arm, data)
      if let problem = options.network.configuration.problem(sampleShape: shape) {
        throw StudyError.unsuitable("The arm \(arm.name) does not fit the data: \(problem).")
      }
      return PixelDiffusionLearner(options: options, sampleShape: shape, random: random)
    case .latentDiffusion(var options):
      options.sampler.steps = options.sampler.steps ?? evaluation.samplerSteps
      guard case .images(let splits) = data, !splits.train.captions.isEmpty else {
        throw StudyError.unsuitable("The arm \(arm.name) needs images with captions, which this data set has not.")
      }
      return LatentDiffusionLearner(
        options: options, sampleShape: shape, captions: Array(Set(splits.train.captions)).sorted(),
        perceptual: try perceptualNetwork(data: splits, wanted: options.autoencoder.perceptualWeight > 0),
        random: random)
    }
  }

  private static func requireImages(_ arm: Arm, _ data: TrialData) throws {
    guard case .images = data else {
      throw StudyError.unsuitable("The arm \(arm.name) of the family \(arm.family) works on images, not on points.")
    }
  }

  /// The InfoGAN networks halve images twice.
  private static func requireFoldableSides(_ arm: Arm, _ shape: [Int]) throws {
    guard shape.count == 3, shape[0] % 4 != 0 || shape[1] % 4 != 0 else { return }
    throw StudyError.unsuitable(
      "The arm \(arm.name) needs images whose sides are multiples of 4, not \(shape[0])×\(shape[1]); set data.size.")
  }

  /// The network for perceptual losses; a data set without one trains the first stage without that loss.
  private static func perceptualNetwork(data: DatasetSplits, wanted: Bool) throws -> PerceptualNetwork? {
    let name = data.train.name.split(separator: "/").first.map(String.init) ?? data.train.name
    guard wanted, let record = try committedRecord(.perceptual, for: name),
      record.imageShape[2] == data.train.channels
    else { return nil }
    return try perceptual(for: name)
  }
}
