import ArgumentParser
import Experiments

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say what a study would run, and about how long it would take.",
    discussion: """
      Trials are arms times seeds. The time assumes the speed given with --gflops for each job and counts training \
      only; measuring comes on top.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(help: "Trials that train at the same time.")
  var jobs = 2

  @Option(help: "Billions of floating-point operations that one job does in a second.")
  var gflops = 30.0

  @Flag(help: "Print the plan as JSON.")
  var json = false

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be at least 1; got \(jobs)") }
    if !(gflops > 0) { throw ValidationError("--gflops must be above 0; got \(gflops)") }
  }

  func run() throws {
    let plan = StudyPlan(try experiment.resolve(), jobs: jobs, flopsPerSecond: gflops * 1e9)
    print(json ? plan.json.indentedText : plan.table, terminator: "")
  }
}
