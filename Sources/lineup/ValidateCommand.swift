import ArgumentParser
import LineupReports
import LineupStrictJSON
import LineupStudies

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check an experiment file and name everything that is wrong with it.",
    discussion: """
      Without --profile, every profile of the file is checked; a file without profiles is checked as it stands. \
      Each fault comes with file, line, column, the way to it, what was found and what was expected. Exits with 1 if \
      there are any.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Flag(help: "Print the outcome as JSON.")
  var json = false

  func run() throws {
    let report = SpecificationReport(
      path: experiment.file, profile: experiment.profile, settings: try experiment.parsedSettings())
    if json {
      say(report.json.indentedText, terminator: "")
    } else if report.issues.isEmpty {
      say(report.summary)
    } else {
      warn(report.summary)
    }
    if !report.issues.isEmpty { throw ExitCode.failure }
  }
}
