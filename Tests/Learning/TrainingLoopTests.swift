import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct TrainingLoopTests {
  typealias Event = RecordingObserver.Event

  /// What a run of the loop leaves behind.
  struct Run {
    var outcome: TrainingOutcome
    var state: TrainingState<RecordingLearner>
    var observer: RecordingObserver
  }

  static let random = RandomStream(seed: 5)

  static func run(
    _ plan: TrainingPlan, learner: RecordingLearner = RecordingLearner(),
    observer: RecordingObserver = RecordingObserver()
  ) throws -> Run {
    var (state, observer) = (TrainingState(learner: learner), observer)
    let outcome = try train(&state, plan: plan, random: random, observer: &observer)
    return Run(outcome: outcome, state: state, observer: observer)
  }

  static func plan(steps: Int, marks: [Double] = [], saves: Int = 1000) -> TrainingPlan {
    TrainingPlan(flops: nil, steps: steps, evaluationMarks: marks, checkpointInterval: saves)
  }

  // MARK: Budget

  @Test func itTakesTheStepsOfThePlan() throws {
    let run = try Self.run(Self.plan(steps: 7))
    #expect(run.outcome == .completed && run.state.step == 7 && run.state.learner.weight.values == [7])
    #expect(run.observer.events == (0..<7).map(Event.step) + [.save(afterSteps: 7)])
  }

  @Test func aUsedBudgetTakesNoStep() throws {
    var (state, observer) = (TrainingState(learner: RecordingLearner()), RecordingObserver())
    state.step = 7
    #expect(try train(&state, plan: Self.plan(steps: 7), random: Self.random, observer: &observer) == .completed)
    #expect(observer.events.isEmpty && state.step == 7)
  }

  /// The ledger counts the work of the whole process, so that this has one of its own. A step on 4 images takes 16
  /// operations.
  @Test func theLedgerIsTheStepsOwnWork() async {
    await #expect(processExitsWith: .success) {
      func run(flops: Int, steps: Int? = nil) throws -> Run {
        let plan = TrainingPlan(flops: flops, steps: steps, evaluationMarks: [0.5], checkpointInterval: 1000)
        return try TrainingLoopTests.run(plan)
      }
      _ = matmul(.ones([8, 8]), .ones([8, 8]))  // work before a run is none of its own
      let whole = try run(flops: 64)
      require(whole.state.step == 4 && whole.state.flops == 64, "\(whole.state.step) steps of \(whole.state.flops)")
      require(whole.state.learner.seen.map(\.progress) == [0, 0.25, 0.5, 0.75], "\(whole.state.learner.seen)")
      require(
        whole.observer.marksAndSaves == [.evaluation(mark: 0, afterSteps: 2), .save(afterSteps: 4)],
        "\(whole.observer.events)")
      // The last step may go beyond the budget, and no step begins there.
      let more = try run(flops: 65)
      require(more.state.step == 5 && more.state.flops == 80, "\(more.state.step) steps of \(more.state.flops)")
      let less = try run(flops: 63)
      require(less.state.step == 4 && less.state.flops == 64, "\(less.state.step) steps of \(less.state.flops)")
      // Of two limits, the first that is reached ends the run.
      let fewSteps = try run(flops: 64, steps: 2)
      require(fewSteps.state.step == 2 && fewSteps.outcome == .completed, "\(fewSteps.state.step) steps")
      let manySteps = try run(flops: 64, steps: 100)
      require(manySteps.state.step == 4 && manySteps.outcome == .completed, "\(manySteps.state.step) steps")
    }
  }

  @Test func progressIsTheLargerShareAndAtMostOne() {
    let plan = TrainingPlan(flops: 100, steps: 10, evaluationMarks: [], checkpointInterval: 1)
    #expect(plan.progress(step: 0, flops: 0) == 0)
    #expect(plan.progress(step: 3, flops: 20) == 0.3)
    #expect(plan.progress(step: 3, flops: 40) == 0.4)
    #expect(plan.progress(step: 11, flops: 40) == 1)
    #expect(TrainingPlan(flops: 0, evaluationMarks: [], checkpointInterval: 1).progress(step: 0, flops: 1) == 1)
  }

  @Test func imagesSeenAreThoseOfAllBatches() throws {
    #expect(try Self.run(Self.plan(steps: 7)).state.imagesSeen == 28)
    var observer = RecordingObserver()
    observer.batchSize = { 1 + $0 }
    #expect(try Self.run(Self.plan(steps: 5), observer: observer).state.imagesSeen == 1 + 2 + 3 + 4 + 5)
  }

  // MARK: What a step is given

  @Test func eachStepSeesItsProgressItsBatchAndItsRandomNumbers() throws {
    let seen = try Self.run(Self.plan(steps: 4)).state.learner.seen
    let expected = (0..<4).map { step in
      var random = Self.random.split("step").split(step)
      return RecordingLearner.Seen(
        progress: Double(step) / 4, random: random.nextBits(), images: [Float](repeating: Float(step), count: 8))
    }
    #expect(seen == expected)
  }

  @Test func aRunThatGoesOnDrawsWhatTheWholeWouldHave() throws {
    let whole = try Self.run(Self.plan(steps: 6, marks: [0.5, 0.75]))
    var observer = RecordingObserver()
    observer.stopsAfter = 1
    var part = try Self.run(Self.plan(steps: 6, marks: [0.5, 0.75]), observer: observer)
    #expect(part.outcome == .interrupted && part.state.step == 2)
    part.observer.stopsAfter = nil
    let outcome = try train(
      &part.state, plan: Self.plan(steps: 6, marks: [0.5, 0.75]), random: Self.random, observer: &part.observer)
    #expect(outcome == .completed && part.state.learner.seen == whole.state.learner.seen)
    #expect(part.observer.events == whole.observer.events && part.state.imagesSeen == whole.state.imagesSeen)
  }

  // MARK: Marks and checkpoints

  /// Each mark is met once, after the first step that reaches it; the end is not evaluated here.
  @Test func evaluatesAtItsMarks() throws {
    let run = try Self.run(Self.plan(steps: 8, marks: [0.25, 0.5, 0.55, 1]))
    #expect(
      run.observer.events == [
        .step(0), .step(1), .evaluation(mark: 0, afterSteps: 2), .step(2), .step(3),
        .evaluation(mark: 1, afterSteps: 4), .step(4), .evaluation(mark: 2, afterSteps: 5), .step(5), .step(6),
        .step(7), .save(afterSteps: 8),
      ])
    // What is evaluated is the learner after the step.
    #expect(run.observer.weights == [2, 4, 5, 8])
  }

  @Test func aStepThatPassesSeveralMarksIsEvaluatedOnceAtTheLast() throws {
    let run = try Self.run(Self.plan(steps: 2, marks: [0.1, 0.2, 0.5, 0.6]))
    #expect(run.observer.marksAndSaves == [.evaluation(mark: 2, afterSteps: 1), .save(afterSteps: 2)])
  }

  @Test func savesAtItsIntervalAndAtTheEnd() throws {
    let run = try Self.run(Self.plan(steps: 7, saves: 3))
    #expect(run.observer.marksAndSaves == [3, 6, 7].map(Event.save))
    #expect(run.observer.weights == [3, 6, 7])
    // An end on the interval is saved once.
    #expect(try Self.run(Self.plan(steps: 6, saves: 3)).observer.marksAndSaves == [3, 6].map(Event.save))
  }

  /// A checkpoint must not be older than an evaluation that was recorded.
  @Test func evaluatesBeforeItSaves() throws {
    let run = try Self.run(Self.plan(steps: 4, marks: [0.5], saves: 2))
    #expect(
      run.observer.marksAndSaves == [.evaluation(mark: 0, afterSteps: 2), .save(afterSteps: 2), .save(afterSteps: 4)])
  }

  // MARK: Ends before the end

  @Test func theObserverCanStopIt() throws {
    var observer = RecordingObserver()
    observer.stopsAfter = 3
    let run = try Self.run(Self.plan(steps: 8, marks: [0.5], saves: 4), observer: observer)
    #expect(run.outcome == .interrupted && run.state.step == 4)
    // The step's own evaluation and checkpoint still happen.
    #expect(run.observer.marksAndSaves == [.evaluation(mark: 0, afterSteps: 4), .save(afterSteps: 4)])
    // After the last step there is nothing left to stop.
    observer.stopsAfter = 7
    #expect(try Self.run(Self.plan(steps: 8), observer: observer).outcome == .completed)
  }

  @Test func anObserversErrorComesOut() throws {
    var observer = RecordingObserver()
    observer.throwsAfter = 2
    #expect(throws: RecordingObserver.Stop(step: 2)) { try Self.run(Self.plan(steps: 8), observer: observer) }
  }

  /// A loss or a gradient that is not finite ends the run after the step is recorded, and before anything is evaluated or
  /// saved.
  @Test(arguments: [true, false]) func aNumberThatIsNotFiniteEndsIt(isLoss: Bool) throws {
    var learner = RecordingLearner()
    learner.report = { step in
      let bad = step == 3 ? Double.infinity : 1
      return RecordingLearner.reporting(loss: isLoss ? bad : 1, norm: isLoss ? 1 : bad)
    }
    let run = try Self.run(Self.plan(steps: 8, marks: [0.5], saves: 4), learner: learner)
    #expect(run.outcome == .diverged(step: 3) && run.state.step == 4 && run.state.imagesSeen == 16)
    #expect(run.observer.events == (0..<4).map(Event.step) && run.observer.reports.count == 4)
  }

  /// A loss that a step does not have is nothing to stop for.
  @Test func anAbsentLossIsNoDivergence() throws {
    var learner = RecordingLearner()
    learner.report = { _ in RecordingLearner.reporting(loss: nil, norm: nil) }
    #expect(try Self.run(Self.plan(steps: 3), learner: learner).outcome == .completed)
  }

  // MARK: State

  @Test func clippedAndSkippedUpdatesAreCounted() throws {
    var learner = RecordingLearner()
    learner.report = { step in
      let update = Update(norm: 1, clipped: step % 3 > 0, skipped: step == 3, learningRate: 1)
      return StepReport(losses: ["loss": .finite(1)], updates: ["network": update], learningRate: 1)
    }
    let run = try Self.run(Self.plan(steps: 6), learner: learner)
    #expect(run.state.clipped == 4 && run.state.skipped == 1)
  }

  @Test func theStatesWalkShowsTheLearnerAndAllCounters() {
    struct Integers: ModuleVisitor {
      var found: [String: Int] = [:]
      mutating func integer(_ name: String, _ value: inout Int) { found[name] = value }
    }
    var state = TrainingState(learner: RecordingLearner())
    (state.step, state.flops, state.imagesSeen, state.clipped, state.skipped) = (1, 2, 3, 4, 5)
    var integers = Integers()
    state.visit(&integers)
    #expect(integers.found == ["step": 1, "flops": 2, "imagesSeen": 3, "clipped": 4, "skipped": 5])
    #expect(state.tensors.map(\.name) == ["learner.weight"])
  }
}
