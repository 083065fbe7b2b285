import Foundation
import LineupDatasets
import LineupFormats
import LineupKernels
import LineupLearning
import LineupMeasurements
import LineupNetworks
import LineupRunRecords
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// How a worker's work on a trial ended.
package enum WorkResult: Sendable, Equatable {
  case finished(TrialOutcome)
  /// Hindered on the way; the same command goes on.
  case interrupted(reason: String)
  /// Asked to stop, and saved; the same command goes on.
  case stopped(step: Int)
}

/// Runs one trial: a pure function of the frozen specification, the arm and the seed, into the trial's folder.
package struct TrialWorker: Sendable {
  let context: TrialContext

  /// - Throws: when the data cannot be had or the arm is not in the specification.
  package init(
    study: StudyFolder, resolved: ResolvedSpecification, trial: TrialName, jobs: Int,
    report: @escaping @Sendable (TrialProgress) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    guard let arm = resolved.specification.arm(named: trial.arm) else {
      throw StudyError.unsuitable("The specification has no arm named \(trial.arm).")
    }
    context = TrialContext(
      study: study, resolved: resolved, trial: trial, arm: arm,
      data: try TrialData(resolved.specification.data, pinnedIn: study),
      jobs: jobs, report: report, shouldStop: shouldStop)
  }

  /// Trains, evaluates and records; goes on from the newest checkpoint if there is one.
  package func run() throws -> WorkResult {
    let folder = context.folder
    try Folder.make(folder.checkpoints)
    try Folder.make(context.study.records)
    try Folder.make(context.study.grids)
    // A worker whose runner was killed a moment ago may still be finishing its step.
    let lock = try FileLock(folder.lock, guarding: folder.path, patience: 30)
    defer { withExtendedLifetime(lock) {} }
    for place in [folder.checkpoints, context.study.records, context.study.grids] { DurableFile.sweep(place) }
    do {
      let learner = try context.learner()
      return try run(learner)
    } catch let error as Fault where error.isDiskFull {
      return .interrupted(reason: "the disk is full: \(error)")
    }
  }

  private func run<L: Learner>(_ learner: L) throws -> WorkResult {
    let log = TrialLog(path: context.folder.log)
    var state = TrainingState(learner: learner)
    let checkpoints = CheckpointStore(folder: context.folder.checkpoints)
    let evaluator = try TrialEvaluator(context, learner: learner)
    let layout = RunLayout(context, learner: learner, evaluator: evaluator)
    let provenance = Provenance.gather(
      blasCore: MatrixLibrary.coreName, threads: Threads.count,
      extra: [Provenance.Entry(name: "jobs", value: "\(context.jobs)")])
    let recorder = try open(learner, &state, checkpoints: checkpoints, layout: layout, provenance: provenance, log: log)
    let run = try TrialRun(
      context: context,
      batches: BatchSource(context.data, batchSize: context.arm.options.batchSize, random: context.random),
      recorder: recorder, evaluator: evaluator, checkpoints: checkpoints, state: state)
    BufferPool.shared.resetPeak()
    ProcessUsage.resetPeak()

    var observer = run
    let outcome = try train(&state, plan: context.plan, random: context.random.split("train"), observer: &observer)
    switch outcome {
    case .completed:
      return .finished(
        try finish(
          state, run: run, provenance: provenance, log: log, outcome: TrialOutcome(.completed, step: state.step)))
    case .diverged(let step):
      let reason = "a loss or gradient was not finite in step \(step + 1)"
      return .finished(
        try finish(
          state, run: run, provenance: provenance, log: log,
          outcome: TrialOutcome(.failed, step: step + 1, reason: reason)))
    case .interrupted:
      try run.save(&state)
      try recorder.finish(status: .interrupted, message: "asked to stop")
      log.write("interrupted", step: state.step, "asked to stop")
      return .stopped(step: state.step)
    }
  }

  /// Opens the run file: anew, or at the newest checkpoint.
  private func open<L: Learner>(
    _ learner: L, _ state: inout TrainingState<L>, checkpoints: CheckpointStore, layout: RunLayout,
    provenance: Provenance,
    log: TrialLog
  ) throws -> RunRecorder {
    let (restored, problems) = checkpoints.restore(&state, of: context.checkpointOwner)
    for problem in problems {
      let kind = problem.found?.contains("belongs to") == true ? "foreign" : "damaged"
      log.write("\(kind) checkpoint", step: -1, "\(problem)")
      context.report(TrialProgress(phase: .preparing, message: "passing over a \(kind) checkpoint: \(problem)"))
    }
    checkpoints.clear(after: restored ?? -1)
    if let restored {
      if let recorder = try resumedRecorder(layout, provenance, step: restored, log) { return recorder }
      state = TrainingState(learner: learner)
      checkpoints.clear()
    } else {
      log.write("started", step: 0, "\(context.trial)")
      for note in context.resolved.notes { log.write("note", step: 0, note) }
    }
    return try RunRecorder.create(path: context.folder.run, layout: layout, provenance: provenance)
  }

  /// The run file taken up at a checkpoint's step, or nil when it cannot be: without its rows a checkpoint is not
  /// continued, and the trial begins again.
  private func resumedRecorder(
    _ layout: RunLayout, _ provenance: Provenance, step: Int, _ log: TrialLog
  ) throws -> RunRecorder? {
    do throws(Fault) {
      let recorder = try RunRecorder.resume(
        path: context.folder.run, layout: layout, provenance: provenance, throughStep: step)
      log.write("resumed", step: step, "from the checkpoint of step \(step)")
      return recorder
    } catch {
      if error.isDiskFull { throw error }
      log.write("restarted", step: 0, "the run file cannot be taken up: \(error)")
      context.report(
        TrialProgress(phase: .preparing, message: "starting anew, for the run file cannot be taken up: \(error)"))
      return nil
    }
  }

  /// Measures the final samples (of a completed trial), writes the pictures, the compact record and the finished run file.
  private func finish<L: Learner>(
    _ state: TrainingState<L>, run: TrialRun<L>, provenance: Provenance, log: TrialLog, outcome: TrialOutcome
  ) throws -> TrialOutcome {
    context.report(TrialProgress(phase: .evaluating, step: state.step, share: 1))
    let peak = ProcessUsage.peakResidentBytes
    let poolPeak = BufferPool.shared.counters.peakBytes
    var record = TrialRecord(context, state: state, outcome: outcome, recorder: run.recorder, provenance: provenance)
    var cost = TrialCost(
      wallSeconds: run.wallSeconds, coreSeconds: run.coreSeconds, medianStepSeconds: run.medianStepSeconds,
      peakResidentBytes: peak, peakPoolBytes: poolPeak, jobs: context.jobs)
    if outcome.kind == .completed {
      cost.samplesPerSecond = try run.evaluator.evaluateFinal(state, recorder: run.recorder, record: &record)
    }
    record.costs = Metric.all.values(of: cost).map(RecordedMetric.init)
    try run.recorder.commit(step: state.step)
    try record.addCurves(from: run.recorder.path, plan: context.plan)
    try run.recorder.finish(
      status: outcome.kind == .completed ? .completed : .failed, metrics: record.metrics.map(FinalMetric.init),
      costs: record.costs.map(FinalMetric.init), message: outcome.reason ?? "completed")
    record.resumes = run.recorder.resumes
    try JSONFile.write(record, to: context.study.record(context.trial), compact: true)
    log.write("\(outcome.kind)", step: state.step, outcome.reason ?? "after \(state.step) steps")
    context.report(TrialProgress(phase: .finished, step: state.step, share: 1))
    return outcome
  }
}
