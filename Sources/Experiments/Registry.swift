import Tensors
import Training

enum Registry {
  static func learner(for arm: Arm, data: TrialData, random: RandomStream) throws -> any Learner {
    throw StudyError.unsuitable("stub")
  }
}
