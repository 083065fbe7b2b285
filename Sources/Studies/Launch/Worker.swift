import Foundation
import Synchronization

/// A process that works on one trial of a launched study and stops in good order when its runner is gone.
package final class Worker: Sendable {
  /// What to do.
  package enum Task: Sendable {
    case training
    /// Only time the arm's steps and its sampling.
    case timing
    /// Only measure real images against real ones.
    case realImages
  }

  private let stopRequested = Atomic<Bool>(false)

  package init() {}

  /// Does the work. `report` is told of progress.
  ///
  /// - Returns: why it stopped before the trial had an outcome, or nil.
  package func work(
    on study: Study, _ trial: TrialName, jobs: Int, _ task: Task, report: @escaping @Sendable (TrialProgress) -> Void
  ) throws -> String? {
    watchRunner()
    if task == .realImages {
      try study.measureReal()
      return nil
    }
    let signals = StopSignals([SIGTERM], ignoring: [SIGINT]) { [self] in stopRequested.store(true, ordering: .relaxed) }
    defer { withExtendedLifetime(signals) {} }
    let worker = try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: trial, jobs: jobs, report: report,
      shouldStop: { [self] in stopRequested.load(ordering: .relaxed) })
    if task == .timing {
      try study.record(worker.time())
      return nil
    }
    if case .interrupted(let reason) = try worker.run() { return reason }
    return nil
  }

  /// Leaves when the runner is gone, which ends standard input: after an orderly stop if it can be had soon, else anyway.
  private func watchRunner() {
    Thread { [self] in
      var byte: UInt8 = 0
      while true {
        let count = read(0, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
      }
      stopRequested.store(true, ordering: .relaxed)
      sleep(20)
      _exit(ExitStatus.interrupted.rawValue)
    }.start()
  }
}
