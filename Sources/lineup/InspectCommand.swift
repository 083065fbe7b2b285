import ArgumentParser
import LineupReports
import LineupStudies

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a run file holds, also while it is being written.")

  @Argument(help: "The run file, RESULTS/NAME/PROFILE/runs/ARM/seed-N/run.h5.", completion: .file(extensions: ["h5"]))
  var file: String

  @Flag(help: "Print as JSON.")
  var json = false

  func run() throws {
    try ForeignRuns.examine([file])
    let summary = try RunSummary(path: file)
    say(json ? jsonText(summary) : summary.text)
  }
}
