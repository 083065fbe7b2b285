import PixelDiffusion
import Tensors
import Training

/// From an arm of a specification to its learner. A new family is one more case here.
enum Registry {
  static func learner(for arm: Arm, data: TrialData, random: RandomStream) throws -> any Learner {
    let shape = data.sampleShape
    switch arm.model {
    case .pixelDiffusion(let options):
      return PixelDiffusionLearner(options: options, sampleShape: shape, random: random)
    default: throw StudyError.unsuitable("stub")
    }
  }
}
