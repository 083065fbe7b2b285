import Foundation
import LineupDatasets
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupRunRecords
import LineupSupport
import LineupTensors

/// One trial under way: watches the training loop, records, evaluates at the marks and saves checkpoints.
final class TrialRun<L: Learner>: TrainingObserver {
  let context: TrialContext
  let batches: BatchSource
  let recorder: RunRecorder
  let evaluator: TrialEvaluator
  let checkpoints: CheckpointStore
  /// The step that the worker is in, for judging deaths.
  private let position: NumberFile
  private var lossNames: [String] = []
  private var networkNames: [String] = []

  // Clocks. They go on where an interrupted run stopped.
  private let wallBase: Double
  private let coreBase: Double
  private let wallStart = Clock.seconds
  private let coreStart = ProcessUsage.coreSeconds
  private var stepStart = Clock.seconds
  private var lastCommit = Clock.seconds
  private var lastReport = Clock.seconds
  private var reported = (images: 0, flops: 0)
  private var recentSeconds: [Double] = []

  init(
    context: TrialContext, batches: BatchSource, recorder: RunRecorder, evaluator: TrialEvaluator,
    checkpoints: CheckpointStore, state: TrainingState<L>
  ) throws {
    self.context = context
    self.batches = batches
    self.recorder = recorder
    self.evaluator = evaluator
    self.checkpoints = checkpoints
    lossNames = state.learner.lossNames
    networkNames = state.learner.networkNames
    wallBase = recorder.restoredTiming?.wallSeconds ?? 0
    coreBase = recorder.restoredTiming?.coreSeconds ?? 0
    reported = (state.imagesSeen, state.flops)
    position = try NumberFile(context.folder.position)
  }

  func batch(forStep step: Int) -> Batch {
    position.set(step)
    stepStart = Clock.seconds
    return batches.batch(forStep: step)
  }

  func didStep(_ state: TrainingState<L>, number: Int, report: StepReport) throws -> Bool {
    let now = Clock.seconds
    recorder.append(
      TrainRow(
        step: state.step, images: state.imagesSeen, flops: state.flops,
        losses: report.recordedLosses(lossNames), gradientNorms: report.recordedNorms(networkNames),
        learningRate: report.learningRate, nanCount: report.isFinite ? 0 : 1, clipCount: state.clipped,
        skipCount: state.skipped))
    recorder.appendTiming(timing(step: state.step, seconds: now - stepStart))
    recentSeconds = recentSeconds.suffix(200) + [now - stepStart]
    if !report.isFinite {
      let losses = report.recordedLosses(lossNames).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      let norms = report.recordedNorms(networkNames).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      recorder.appendEvent(
        step: state.step, level: .error, code: .nonFiniteLoss, "\(losses); gradient norms: \(norms)")
    }
    if now - lastCommit > 3 {
      try recorder.commit(step: state.step)
      lastCommit = now
    }
    if now - lastReport > 0.5 { announce(state, loss: report.recordedLosses(lossNames).first?.value ?? .nan, now: now) }
    return !context.shouldStop()
  }

  func evaluate(_ state: TrainingState<L>, mark: Int) throws {
    context.report(
      TrialProgress(
        phase: .evaluating, step: state.step, share: context.plan.progress(step: state.step, flops: state.flops)))
    let start = Clock.seconds
    try evaluator.evaluateInterim(state, recorder: recorder)
    recorder.appendEvaluationTiming(timing(step: state.step, seconds: Clock.seconds - start))
    // Evaluations are no part of the speed that the next report gives.
    lastReport = Clock.seconds
    reported = (state.imagesSeen, state.flops)
  }

  func save(_ state: inout TrainingState<L>) throws {
    // First the rows, then the checkpoint: a resume finds every row up to its step.
    try recorder.commit(step: state.step)
    lastCommit = Clock.seconds
    try checkpoints.save(&state, step: state.step, of: context.checkpointOwner)
  }

  /// The median seconds of the last steps.
  var medianStepSeconds: Double {
    let sorted = recentSeconds.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  var wallSeconds: Double { wallBase + Clock.seconds - wallStart }
  var coreSeconds: Double { coreBase + ProcessUsage.coreSeconds - coreStart }

  private func timing(step: Int, seconds: Double) -> TimingRow {
    TimingRow(
      step: step, wallSeconds: wallSeconds, coreSeconds: coreSeconds, secondsPerStep: seconds,
      residentBytes: step % 50 == 0 ? ProcessUsage.residentBytes : 0,
      poolPeakBytes: BufferPool.shared.counters.peakBytes)
  }

  private func announce(_ state: TrainingState<L>, loss: Double, now: Double) {
    let seconds = max(now - lastReport, 1e-9)
    context.report(
      TrialProgress(
        phase: .training, step: state.step, share: context.plan.progress(step: state.step, flops: state.flops),
        imagesPerSecond: Double(state.imagesSeen - reported.images) / seconds, loss: loss,
        flopsPerSecond: Double(state.flops - reported.flops) / seconds))
    lastReport = now
    reported = (state.imagesSeen, state.flops)
  }
}
