import ArgumentParser
import Dispatch
import Foundation
import LineupBenchmarking
import LineupImagine
import LineupReports
import LineupStudies
import Synchronization

/// A worker: `lineup run` starts it, one process for each trial.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Work on one trial of a launched study (what `lineup run` starts).",
    discussion: """
      Reads the frozen specification of the folder and runs one trial. It leaves with code 75 when its standard input \
      ends, which is how it notices that the runner is gone. Progress goes to standard output, one JSON object a line.
      """,
    shouldDisplay: false)

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Option(help: "The arm.")
  var arm: String

  @Option(help: "The seed.")
  var seed: UInt64

  @Option(help: "How many workers run beside each other; stored with the timings.")
  var jobs = 1

  @Flag(help: "Only time the arm's steps and its sampling.")
  var timing = false

  @Flag(help: "Only measure real images against real ones.")
  var real = false

  private static let stopRequested = Atomic<Bool>(false)

  func run() throws {
    let study = try Study(opening: folder)
    watchRunner()
    if real { return try study.measureReal() }
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    signal(SIGTERM, SIG_IGN)
    signal(SIGINT, SIG_IGN)
    source.setEventHandler { Self.stopRequested.store(true, ordering: .relaxed) }
    source.resume()
    defer { withExtendedLifetime(source) {} }

    let worker = try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: TrialName(arm: arm, seed: seed), jobs: jobs,
      report: { progress in
        print(progress.line)
        fflush(nil)
      }, shouldStop: { Self.stopRequested.load(ordering: .relaxed) })
    if timing { return try study.record(worker.time()) }
    if case .interrupted(let reason) = try worker.run() {
      print(TrialProgress(phase: .interrupted, message: reason).line)
      fflush(nil)
      Status.interrupted.leave()
    }
  }

  /// Leaves when the runner is gone: at once if nothing else works, after an orderly stop if it can be had soon.
  private func watchRunner() {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(0, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
      }
      Self.stopRequested.store(true, ordering: .relaxed)
      sleep(20)
      _exit(Status.interrupted.rawValue)
    }
    thread.start()
  }
}
