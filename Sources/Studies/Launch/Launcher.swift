import Foundation
import LineupLearning
import LineupStrictJSON
import LineupSupport

/// Farms the trials of a study to worker processes, one thread each.
package final class Launcher {
  /// Where a trial stands.
  package enum TrialState: Sendable, Equatable {
    case waiting
    /// Its worker died; the trial waits for its next start, in this launch or another.
    case interrupted(String)
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
  /// The wish that it stop in good order: workers save and leave.
  package let stop: StopRequest
  let hangLimit: HangLimit
  let restartPause: Double

  private var states: [TrialName: TrialState] = [:]
  /// Trials without an outcome, with the moment from which they may begin.
  private var queue: [(trial: TrialName, due: Double)] = []
  private var workers: [WorkerProcess] = []
  private var restarts: [TrialName: Restarts] = [:]
  /// As many workers as memory allows.
  private var places: Int
  /// What stops the whole study.
  private var hindrance: String?
  /// Trials that this launch does not try again, with the reason.
  private var putOff: [String] = []

  /// - Parameters:
  ///   - jobs: how many trials run at the same time; nil for one on each processor core.
  ///   - executable: the program whose command `work` the workers are; nil for this one.
  ///   - stop: the wish that it stop in good order.
  ///   - hangLimit: when a worker counts as hung.
  ///   - restartPause: seconds before the second new start of a trial; each later one comes after twice the time.
  package init(
    study: Study, jobs: Int? = nil, executable: String? = nil, stop: StopRequest = StopRequest(),
    hangLimit: HangLimit = HangLimit(), restartPause: Double = 1
  ) {
    self.study = study
    self.jobs = max(1, jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    self.executable =
      executable ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    self.stop = stop
    self.hangLimit = hangLimit
    self.restartPause = restartPause
    places = self.jobs
  }

  /// Runs every trial that has no outcome yet. `display` is told where all trials stand, several times a second.
  package func run(reusingRecords: Bool, display: (_ states: [(TrialName, TrialState)], _ isFinal: Bool) -> Void)
    -> Ending
  {
    let trials = study.trials
    states = Dictionary(
      uniqueKeysWithValues: trials.map { trial in
        (
          trial,
          (try? study.record(trial, reusingRecords: reusingRecords)).map { TrialState.done($0.outcome) } ?? .waiting
        )
      })
    queue = trials.filter { states[$0] == .waiting }.map { ($0, 0) }
    while !workers.isEmpty || (!queue.isEmpty && hindrance == nil) {
      if stop.isPending, hindrance == nil { hindrance = Self.stopped }
      startThoseDue()
      if hindrance != nil { for worker in workers { worker.stop() } }
      // One look at each: a worker that ends between two looks would be missed.
      var running: [WorkerProcess] = []
      var ended: [WorkerProcess] = []
      for worker in workers {
        if worker.look(limit: hangLimit) { running.append(worker) } else { ended.append(worker) }
      }
      workers = running
      for worker in running { states[worker.trial] = .running(worker.progress) }
      for worker in ended { conclude(worker) }
      display(trials.map { ($0, states[$0]!) }, false)
      if !workers.isEmpty || !queue.isEmpty { usleep(100_000) }
    }
    display(trials.map { ($0, states[$0]!) }, true)
    if let hindrance { return .interrupted(reason: hindrance) }
    let errors = trials.compactMap { trial -> String? in
      if case .error(let text) = states[trial] { return "\(trial): \(text)" }
      return nil
    }
    if !errors.isEmpty { return .failed(reason: (errors + putOff).joined(separator: "\n")) }
    return putOff.isEmpty ? .completed : .interrupted(reason: putOff.joined(separator: "; "))
  }

  private static let stopped = "stopped by request"

  private func startThoseDue() {
    while hindrance == nil, workers.count < places, let index = queue.firstIndex(where: { $0.due <= Clock.seconds }) {
      let trial = queue.remove(at: index).trial
      do throws(Fault) {
        workers.append(
          try WorkerProcess(
            executable: executable,
            arguments: [
              "work", study.folder.path, "--arm", trial.arm, "--seed", "\(trial.seed)", "--jobs", "\(jobs)",
            ], trial: trial))
        states[trial] = .running(TrialProgress(phase: .preparing))
      } catch {
        if error.kind == .outOfMemory {
          runShort(trial, "\(error)")
        } else {
          states[trial] = .error("\(error)")
        }
      }
    }
  }

  /// Reads off how a worker's trial stands after the worker has ended.
  private func conclude(_ worker: WorkerProcess) {
    let trial = worker.trial
    switch worker.end {
    case .finished:
      states[trial] =
        (try? study.record(trial)).map { .done($0.outcome) } ?? .error("the worker left without a record")
    case .hindered(let reason):
      states[trial] = .waiting
      if hindrance == nil { hindrance = reason }
    case .error(let text): states[trial] = .error(text)
    case .died(let kind, let signal, let sentence):
      let step = DeathLedger.markedStep(study.folder.trial(trial))
      conclude(trial, Death(step: step, signal: signal, kind: kind), sentence)
    case nil: break
    }
  }

  private func conclude(_ trial: TrialName, _ death: Death, _ sentence: String) {
    let folder = study.folder.trial(trial)
    unlink(folder.position)
    // What this runner ended itself is told by it.
    if hindrance == Self.stopped, death.kind != .trap {
      states[trial] = .waiting
      return
    }
    let text = death.description(sentence)
    var ledger = DeathLedger(folder)
    let crash = ledger.add(death)
    try? Folder.make(folder.path)
    try? JSONFile.write(ledger, to: folder.deaths)
    TrialLog(path: folder.log).write("died", step: max(death.step, 0), text)
    if let crash {
      let reason = crash + (sentence.isEmpty ? "" : " (\(sentence))")
      let outcome = TrialOutcome(.failed, step: death.step + 1, reason: reason)
      do {
        try Folder.make(study.folder.records)
        try JSONFile.write(TrialRecord(crashed: trial, of: study, outcome: outcome), to: study.folder.record(trial))
        states[trial] = .done(outcome)
      } catch {
        states[trial] = .error("\(error)")
      }
      return
    }
    if death.kind == .outOfMemory { return runShort(trial, text) }
    // A checkpoint is a step forward too, for the marks before it need not be passed again.
    let reached = max(death.step, CheckpointStore(folder: folder.checkpoints).steps().first ?? -1)
    if let pause = restarts[trial, default: Restarts(pause: restartPause)].pause(afterDeathAt: reached) {
      states[trial] = pause == 0 ? .waiting : .interrupted(text)
      queue.insert((trial, Clock.seconds + pause), at: 0)
    } else {
      putOff(trial, "\(Restarts.limit) workers died without getting further, the last one \(text)")
    }
  }

  /// Begins a trial for which there was no memory again when fewer run beside it; alone, it has to wait for more memory.
  private func runShort(_ trial: TrialName, _ reason: String) {
    guard workers.isEmpty else {
      places = workers.count
      states[trial] = .interrupted(reason)
      queue.append((trial, 0))
      return
    }
    putOff(trial, reason)
  }

  private func putOff(_ trial: TrialName, _ reason: String) {
    states[trial] = .interrupted(reason)
    putOff.append("\(trial): \(reason)")
  }
}

extension TrialRecord {
  /// The record of a trial that crashed: it has an outcome and no measurements.
  init(crashed trial: TrialName, of study: Study, outcome: TrialOutcome) {
    let arm = study.specification.arm(named: trial.arm)
    self.init(
      study: study.specification.name, profile: study.profileName, specificationHash: study.resolved.sha256,
      identity: study.resolved.identity(of: trial),
      arm: trial.arm, label: arm?.label ?? trial.arm, family: arm?.family.name ?? "",
      usesLabels: arm?.usesLabels ?? false,
      seed: trial.seed, outcome: outcome, steps: outcome.step, flops: 0, imagesSeen: 0, parameters: 0,
      samplingParameters: 0, weights: "raw", metrics: [], otherWeights: [], costs: [], lossCurves: [],
      metricCurves: [], nonFinite: 0, clipped: 0, skipped: 0, resumes: 0, dataHash: "", provenance: [:])
  }
}
