import ArgumentParser
import LineupReports
import LineupStudies

/// The process that reads run files before any other does.
struct ExamineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "examine", abstract: "Read run files to see whether they can be read (what `lineup report` starts).",
    discussion: "Prints a line before each file. Time and memory are bounded.", shouldDisplay: false)

  @Argument(help: "Run files.")
  var files: [String]

  func run() throws {
    try ForeignRuns.read(files) { say("reading") }
  }
}
