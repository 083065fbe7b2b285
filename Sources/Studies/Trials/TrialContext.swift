import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// What a trial is: the frozen specification, the arm and the seed, with where it lives and whom it tells.
struct TrialContext: Sendable {
  let study: StudyFolder
  let resolved: ResolvedSpecification
  let trial: TrialName
  let arm: Arm
  let data: TrialData
  /// The number of workers that run beside this one, which timings are stored with.
  let jobs: Int
  let report: @Sendable (TrialProgress) -> Void
  /// Whether the runner wants the worker to stop, or is gone.
  let shouldStop: @Sendable () -> Bool

  var folder: TrialFolder { study.trial(trial) }
  /// The SHA-256 of the trial's own inputs.
  var identity: String { resolved.identity(of: trial) }
  var checkpointOwner: CheckpointIdentity { CheckpointIdentity(inputs: identity, trial: trial) }
  var specification: Specification { resolved.specification }
  /// The root of every random number of the trial.
  var random: RandomStream { RandomStream(seed: trial.seed) }

  /// A fresh learner of the arm.
  func learner() throws -> any Learner {
    try arm.learner(data.context(specification, random: random.split("init")))
  }

  var plan: TrainingPlan {
    TrainingPlan(
      flops: specification.budget.flops.map { Int($0) }, steps: specification.budget.steps,
      evaluationMarks: specification.evaluation.marks.filter { $0 < 1 },
      checkpointInterval: specification.checkpoints.everySteps)
  }
}
