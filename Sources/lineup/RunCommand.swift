import ArgumentParser
import LineupReports
import LineupStudies

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a study: train every arm under every seed, measure, and write the report.",
    discussion: """
      Results go to RESULTS/NAME/PROFILE. Trials that have an outcome are not run again, and a trial that was stopped \
      goes on from its last checkpoint: after an interruption of any kind, give the same command once more.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(help: "Trials that train at the same time, one thread each. Default: one for each processor core.")
  var jobs: Int?

  @Option(help: "The parent folder of all results.")
  var results = "results/local"

  @Flag(help: "Delete the results that the folder holds and start anew.")
  var fresh = false

  @Flag(help: "Let the compact records of an earlier run stand for its trials, even without their run files.")
  var reuseRecorded = false

  @Option(
    help: """
      Seconds after which a worker that neither reports nor computes is ended and begun again. One that computes without \
      a report gets 12 times as long in training, and 72 times as long before and after it.
      """)
  var hangAfter = HangLimit().still

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1; got \(jobs)") }
    if !(hangAfter >= 1) { throw ValidationError("--hang-after must be at least 1; got \(hangAfter)") }
  }

  func run() throws {
    StopSignals.heedOfPeople()
    let stop = StopRequest(heedsSignals: true)
    let study = try Study(experiment.resolve(), results: results, fresh: fresh)
    let launcher = Launcher(study: study, jobs: jobs, stop: stop, hangLimit: HangLimit(still: hangAfter))

    let (name, trials) = (study.specification.name, study.trials.count)
    say("\(name), profile \(study.profileName): \(trials) trials, \(launcher.jobs) at a time")
    for note in study.resolved.notes { warn("note: \(note)") }
    say("results in \(study.folder.path)")
    for fault in study.damagedRecords() { warn("\(fault); the trial's record is made again") }
    let table = ProgressTable(jobs: launcher.jobs)
    let ending = launcher.run(reusingRecords: reuseRecorded) { table.show($0, isFinal: $1) }
    switch ending {
    case .interrupted(let reason): throw Interruption(reason: reason)
    case .failed(let reason):
      warn("Some trials could not be run:\n\(reason)")
      throw ExitCode.failure
    case .completed: break
    }
    try launcher.measureCosts { say($0) }
    let paths = try writeReport(for: study)
    if stop.isPending { throw StudyError.stopped }
    say(try resultsText(for: study))
    if let report = paths.first(where: { $0.hasSuffix("report.html") }) { say("report: \(report)") }
  }
}
