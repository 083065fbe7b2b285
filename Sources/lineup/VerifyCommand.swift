import ArgumentParser
import LineupReports
import LineupStudies

/// Looks at every file of a study.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every file of a study against its digest.",
    discussion: """
      Compares the digests of the specification, records, summary, logs, run files and checkpoints, whose they are, and \
      whether completed trials used their budgets up. Each damaged file is named with the reason, and the command then \
      exits with 1. Files of earlier versions carry no digest; they are listed and are no error.
      """)

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let found = try StudyVerification(folder)
    say(json ? jsonText(found) : found.text)
    if found.isDamaged { throw ExitCode.failure }
  }
}
