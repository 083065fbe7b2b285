import Foundation
import LineupLearning
import LineupStrictJSON
import LineupSupport
import Synchronization

/// Farms the trials of a study to worker processes, one thread each.
package final class Launcher: Sendable {
  /// Where a trial stands.
  package enum TrialState: Sendable, Equatable {
    case waiting
    case running(TrialProgress)
    case done(TrialOutcome)
    /// The worker could not do its work at all; the trial has no outcome.
    case error(String)
  }

  /// How a launch ended.
  package enum Ending: Sendable, Equatable {
    case completed
    /// Run the same command again to go on.
    case interrupted(reason: String)
    case failed(reason: String)
  }

  let study: Study
  package let jobs: Int
  let executable: String
  private let stopRequested = Atomic<Bool>(false)

  /// - Parameters:
  ///   - jobs: how many trials run at the same time; nil for one on each processor core.
  ///   - executable: the program whose command `work` the workers are; nil for this one.
  package init(study: Study, jobs: Int? = nil, executable: String? = nil) {
    self.study = study
    self.jobs = max(1, jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    self.executable =
      executable ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }

  var isStopping: Bool { stopRequested.load(ordering: .relaxed) }

  /// Asks for an orderly stop: workers save and leave.
  package func stop() { stopRequested.store(true, ordering: .relaxed) }

  /// Runs every trial that has no outcome yet. `display` is told where all trials stand, several times a second.
  package func run(reusingRecords: Bool, display: (_ states: [(TrialName, TrialState)], _ isFinal: Bool) -> Void)
    -> Ending
  {
    let trials = study.trials
    var states = Dictionary(
      uniqueKeysWithValues: trials.map { trial in
        (trial, study.record(trial, reusingRecords: reusingRecords).map { TrialState.done($0.outcome) } ?? .waiting)
      })
    var queue = trials.filter { states[$0] == .waiting }
    var workers: [WorkerProcess] = []
    var interruption: String?
    var isStopping = false

    while !workers.isEmpty || (!queue.isEmpty && interruption == nil) {
      if stopRequested.load(ordering: .relaxed), interruption == nil { interruption = "stopped by request" }
      while interruption == nil, workers.count < jobs, !queue.isEmpty {
        let trial = queue.removeFirst()
        do {
          workers.append(try start(trial))
          states[trial] = .running(TrialProgress(phase: .preparing))
        } catch {
          states[trial] = .error("\(error)")
        }
      }
      if interruption != nil, !isStopping {
        isStopping = true
        for worker in workers { worker.stop() }
      }
      for worker in workers where worker.isRunning { states[worker.trial] = .running(worker.progress) }
      for worker in workers where !worker.isRunning {
        switch conclude(worker) {
        case .retry:
          queue.insert(worker.trial, at: 0)
          states[worker.trial] = .waiting
        case .state(let state): states[worker.trial] = state
        case .interrupted(let reason):
          states[worker.trial] = .waiting
          if interruption == nil { interruption = reason }
        }
      }
      workers.removeAll { !$0.isRunning }
      display(trials.map { ($0, states[$0]!) }, false)
      if !workers.isEmpty { usleep(100_000) }
    }
    display(trials.map { ($0, states[$0]!) }, true)
    if let interruption { return .interrupted(reason: interruption) }
    let errors = trials.compactMap { trial -> String? in
      if case .error(let text) = states[trial] { return "\(trial): \(text)" }
      return nil
    }
    return errors.isEmpty ? .completed : .failed(reason: errors.joined(separator: "\n"))
  }

  private func start(_ trial: TrialName) throws -> WorkerProcess {
    try WorkerProcess(
      executable: executable,
      arguments: ["work", study.folder.path, "--arm", trial.arm, "--seed", "\(trial.seed)", "--jobs", "\(jobs)"],
      trial: trial)
  }

  private enum Conclusion {
    case retry
    case state(TrialState)
    case interrupted(String)
  }

  /// Reads off how a worker's trial stands after the worker has ended.
  private func conclude(_ worker: WorkerProcess) -> Conclusion {
    worker.drain()
    let (code, signal) = worker.ending
    if let signal {
      let folder = study.folder.trial(worker.trial)
      var ledger = DeathLedger(folder)
      let step = DeathLedger.markedStep(folder)
      let reason = ledger.add(step: step, signal: signal)
      try? JSONFile.write(ledger, to: folder.deaths)
      unlink(folder.position)
      guard let reason else {
        return stopRequested.load(ordering: .relaxed) ? .interrupted("stopped by request") : .retry
      }
      let sentence = worker.trapSentence.map { " (\($0))" } ?? ""
      let outcome = TrialOutcome(.failed, step: step + 1, reason: reason + sentence)
      do {
        try Folder.make(study.folder.records)
        try JSONFile.write(
          TrialRecord(crashed: worker.trial, of: study, outcome: outcome), to: study.folder.record(worker.trial))
      } catch {
        return .state(.error("\(error)"))
      }
      return .state(.done(outcome))
    }
    switch code {
    case 0:
      guard let record = study.record(worker.trial) else {
        return .state(.error("the worker left without a record"))
      }
      return .state(.done(record.outcome))
    case ExitStatus.interrupted.rawValue: return .interrupted(worker.progress.message ?? worker.errorText)
    default:
      return .state(.error(worker.errorText.isEmpty ? "the worker left with code \(code)" : worker.errorText))
    }
  }
}

extension TrialRecord {
  /// The record of a trial that crashed: it has an outcome and no measurements.
  init(crashed trial: TrialName, of study: Study, outcome: TrialOutcome) {
    let arm = study.specification.arm(named: trial.arm)
    self.init(
      study: study.specification.name, profile: study.profile, specificationHash: study.resolved.sha256,
      arm: trial.arm, label: arm?.label ?? trial.arm, family: arm?.family.name ?? "",
      usesLabels: arm?.usesLabels ?? false,
      seed: trial.seed, outcome: outcome, steps: outcome.step, flops: 0, imagesSeen: 0, parameters: 0,
      samplingParameters: 0, weights: "raw", metrics: [], otherWeights: [], costs: [], lossCurves: [],
      metricCurves: [], nonFinite: 0, clipped: 0, skipped: 0, resumes: 0, dataHash: "", provenance: [:])
  }
}
