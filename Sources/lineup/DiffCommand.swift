import ArgumentParser
import LineupReports
import LineupStudies

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the results of two runs of a study, bit by bit.",
    discussion: """
      Compares series, samples, spectra and final figures of every trial's run file, and the newest checkpoints byte by \
      byte. Timings, memory, heartbeats and events about the process are left out: they differ from run to run. Exits \
      with 0 if nothing differs, with 1 otherwise.
      """)

  @Argument(help: "The first study's folder, RESULTS/NAME/PROFILE.")
  var first: String

  @Argument(help: "The second study's folder.")
  var second: String

  @Flag(help: "Print the differences as JSON.")
  var json = false

  func run() throws {
    for folder in [first, second] { try Study(opening: folder).examineRuns() }
    let differences = try StudyDifference.compare(first, second)
    if json {
      say(jsonText(differences))
    } else if differences.isEmpty {
      say("No differences: weights, series, samples and figures are equal bit by bit.")
    } else {
      for difference in differences {
        say(
          "\(difference.trial.isEmpty ? "" : "\(difference.trial): ")\(difference.object): \(difference.description)")
      }
    }
    if !differences.isEmpty { throw ExitCode.failure }
  }
}
