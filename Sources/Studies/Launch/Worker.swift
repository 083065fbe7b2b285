import Foundation
import LineupKernels
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

  private let stop = StopRequest(heedsSignals: true)
  private let task: Task

  package init(_ task: Task) { self.task = task }

  /// Does the work. `report` is told of progress.
  ///
  /// - Returns: how the trial stands; nil for the other tasks.
  package func work(
    on study: Study, _ trial: TrialName, jobs: Int, report: @escaping @Sendable (TrialProgress) -> Void
  ) throws -> WorkResult? {
    watchRunner()
    if task == .realImages {
      try study.measureReal()
      return nil
    }
    if task == .training { StopSignals.heedOfRunner() }
    let worker = try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: trial, jobs: jobs, report: report,
      shouldStop: { [stop] in stop.isPending })
    if task == .timing {
      try study.record(worker.time())
      return nil
    }
    return try worker.run()
  }

  /// Leaves when the runner is gone, which ends standard input: after an orderly stop if it can be had soon, else anyway.
  private func watchRunner() {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        let worker = Unmanaged<Worker>.fromOpaque(argument!).takeRetainedValue()
        worker.waitForEndOfInput()
        worker.stop.make()
        // Only a trial has something to save.
        if worker.task == .training { sleep(20) }
        _exit(ExitStatus.interrupted.rawValue)
      }, Unmanaged.passRetained(self).toOpaque())
    guard status == 0 else { MemoryExhaustion.endWithoutThread(status) }
    pthread_detach(thread)
  }

  private func waitForEndOfInput() {
    var byte: UInt8 = 0
    while true {
      let count = read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
    }
  }
}
