import ArgumentParser
import LineupReports
import LineupStudies

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

  func run() throws {
    @Sendable func report(_ progress: TrialProgress) {
      say(progress.line)
    }
    let result = try Worker(real ? .realImages : timing ? .timing : .training)
      .work(on: Study(opening: folder), TrialName(arm: arm, seed: seed), jobs: jobs, report: report)
    switch result {
    case .finished, nil: return
    case .interrupted(let reason): report(TrialProgress(phase: .interrupted, message: reason))
    case .stopped(let step): report(TrialProgress(phase: .stopped, step: step))
    }
    throw Interruption()
  }
}
