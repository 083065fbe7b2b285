import ArgumentParser
import LineupReports
import LineupStrictJSON
import LineupStudies

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say what a study would run, and about how long it would take.",
    discussion: """
      Trials are arms times seeds. Three training steps of every arm are run to see what a trial takes on this machine, in \
      time, memory and on disk; with --gflops the time is worked out from that speed instead. Measuring the samples comes on top.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(help: "Trials that train at the same time.")
  var jobs = 2

  @Option(help: "Billions of floating-point operations that one job does in a second; nothing is run then.")
  var gflops: Double?

  @Flag(help: "Print the plan as JSON.")
  var json = false

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be at least 1; got \(jobs)") }
    if let gflops, !(gflops > 0) { throw ValidationError("--gflops must be above 0; got \(gflops)") }
  }

  func run() throws {
    let resolved = try experiment.resolve()
    let plan =
      if let gflops {
        StudyPlan(resolved, jobs: jobs, flopsPerSecond: gflops * 1e9)
      } else {
        StudyPlan(resolved, jobs: jobs, estimates: try ArmEstimate.all(of: resolved))
      }
    say(json ? plan.json.indentedText : plan.table, terminator: "")
  }
}
