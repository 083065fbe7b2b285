import LineupKernels
import LineupNetworks
import LineupTensors

/// Everything that training changes: the learner and the three counters that belong to it. A checkpoint is its walk.
public struct TrainingState<L: Learner>: Module {
  /// What learns.
  public var learner: L
  /// Steps taken; the next step has this number.
  public var step = 0
  /// Floating-point operations of all training steps so far: the ledger of the budget.
  public var flops = 0
  /// Training images seen so far, each time counted.
  public var imagesSeen = 0
  /// Updates whose gradient was clipped, or that were left out because it was not finite.
  public var clipped = 0
  /// Updates that were left out because their gradient was not finite.
  public var skipped = 0

  /// A learner before its first step.
  public init(learner: L) { self.learner = learner }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("learner", &learner)
    visitor.integer("step", &step)
    visitor.integer("flops", &flops)
    visitor.integer("imagesSeen", &imagesSeen)
    visitor.integer("clipped", &clipped)
    visitor.integer("skipped", &skipped)
  }
}

/// What a training run is told to do, besides its learner.
public struct TrainingPlan: Sendable {
  /// Training ends before the first step that would begin at or beyond this many floating-point operations…
  public var flops: Int?
  /// …or this many steps.
  public var steps: Int?
  /// The shares of the budget, in (0, 1], at which to evaluate: after the first step that reaches each.
  public var evaluationMarks: [Double]
  /// A checkpoint after every so many steps.
  public var checkpointInterval: Int

  /// A plan; one of the two budgets must be given.
  public init(flops: Int?, steps: Int? = nil, evaluationMarks: [Double], checkpointInterval: Int) {
    require(flops != nil || steps != nil, "a training plan needs a budget in operations or in steps")
    (self.flops, self.steps) = (flops, steps)
    self.evaluationMarks = evaluationMarks
    self.checkpointInterval = checkpointInterval
  }

  /// The share of the budget used by a state, at most 1.
  public func progress(step: Int, flops used: Int) -> Double {
    let byWork = flops.map { Double(used) / Double(max($0, 1)) } ?? 0
    let bySteps = steps.map { Double(step) / Double(max($0, 1)) } ?? 0
    return min(max(byWork, bySteps), 1)
  }
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
  case completed
  /// A loss or gradient was not finite at this step.
  case diverged(step: Int)
  /// The observer asked to stop; the state is whole and can go on later.
  case interrupted
}

/// Whoever watches a run: it records, evaluates, saves, and may ask to stop.
public protocol TrainingObserver<L> {
  associatedtype L: Learner

  /// The batch of a step; a pure function of the step's number.
  func batch(forStep step: Int) -> Batch
  /// After each step, with its number, before the counters are used again. Returns whether to go on.
  mutating func didStep(_ state: TrainingState<L>, number: Int, report: StepReport) throws -> Bool
  /// At each evaluation mark, with the mark's index.
  mutating func evaluate(_ state: TrainingState<L>, mark: Int) throws
  /// At fixed steps, and at the end.
  mutating func save(_ state: inout TrainingState<L>) throws
}

/// Trains until the budget is used: the one loop of the package. It knows budgets, marks and checkpoints, and no family.
///
/// The random numbers of a step are `random.split("step").split(number)`, so a resumed run draws what the first would have.
public func train<Observer: TrainingObserver>(
  _ state: inout TrainingState<Observer.L>, plan: TrainingPlan, random: RandomStream, observer: inout Observer
) throws -> TrainingOutcome {
  let stepRandom = random.split("step")
  while plan.progress(step: state.step, flops: state.flops) < 1 {
    let number = state.step
    let before = plan.progress(step: number, flops: state.flops)
    let batch = observer.batch(forStep: number)
    let work = ExecutedWork.flops
    let report = state.learner.step(on: batch, progress: before, random: stepRandom.split(number))
    let problem = report.problem(for: state.learner)
    require(problem == nil, problem!)
    state.flops += ExecutedWork.flops - work
    state.imagesSeen += batch.count
    state.step += 1
    state.clipped += report.clipped
    state.skipped += report.skipped

    let goesOn = try observer.didStep(state, number: number, report: report)
    guard report.isFinite else { return .diverged(step: number) }
    let after = plan.progress(step: state.step, flops: state.flops)
    // A step that passes several marks is evaluated once; the end is the observer's own to measure.
    let passed = plan.evaluationMarks.lastIndex { before < $0 && $0 <= after }
    if let passed, after < 1 { try observer.evaluate(state, mark: passed) }
    if state.step % plan.checkpointInterval == 0 || after >= 1 { try observer.save(&state) }
    if !goesOn, after < 1 { return .interrupted }
  }
  return .completed
}
