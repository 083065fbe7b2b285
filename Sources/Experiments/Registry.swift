import Datasets
import LatentDiffusion
import PixelDiffusion
import Tensors
import Training

/// From an arm of a specification to its learner. A new family is one more case here.
enum Registry {
  /// A fresh learner for an arm.
  ///
  /// - Throws: when the arm cannot work on the data.
  static func learner(for arm: Arm, data: TrialData, random: RandomStream) throws -> any Learner {
    let shape = data.sampleShape
    switch arm.model {
    case .adversarial, .variational: throw StudyError.unsuitable("stub")
    case .pixelDiffusion(let options):
      try requireImages(arm, data)
      if let problem = options.network.problem(sampleShape: shape) {
        throw StudyError.unsuitable("The arm \(arm.name) does not fit the data: \(problem).")
      }
      return PixelDiffusionLearner(options: options, sampleShape: shape, random: random)
    case .latentDiffusion(let options):
      guard case .images(let splits) = data, !splits.train.captions.isEmpty else {
        throw StudyError.unsuitable("The arm \(arm.name) needs images with captions, which this data set has not.")
      }
      return LatentDiffusionLearner(
        options: options, sampleShape: shape, captions: Array(Set(splits.train.captions)).sorted(),
        perceptual: nil, random: random)
    }
  }

  private static func requireImages(_ arm: Arm, _ data: TrialData) throws {
    guard case .images = data else {
      throw StudyError.unsuitable("The arm \(arm.name) of the family \(arm.family) works on images, not on points.")
    }
  }
}
