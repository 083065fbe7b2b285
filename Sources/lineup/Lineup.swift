import ArgumentParser
import Foundation
import LineupImagine
import LineupReports
import LineupStudies

@main
struct Lineup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineup",
    abstract: "Train generative models of different families side by side and compare them with statistics.",
    discussion: """
      A study is one JSON file: data, contenders, seeds and a budget. See docs/experiment-file.md, or begin with

        lineup validate experiments/gan-vs-diffusion.json
        lineup plan experiments/gan-vs-diffusion.json --profile quick

      Exit codes: 0 done, 1 an error, 2 a mistake on the command line, 75 interrupted (the same command goes on).
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, ValidateCommand.self, PlanCommand.self, SchemaCommand.self, StatusCommand.self,
      WatchCommand.self,
      InspectCommand.self, DiffCommand.self, ReportCommand.self, GridCommand.self, SampleCommand.self,
      ExportCommand.self, DataCommand.self, TrainFeaturesCommand.self, BenchCommand.self, ImagineCommand.self,
      WorkCommand.self,
    ])

  static func main() {
    #if DEBUG
      warn("This is a debug build, tens of times slower than a release build (swift build -c release).")
    #endif
    do {
      var command = try parseAsRoot()
      try Engine.prepare()
      try command.run()
    } catch let error as SpecificationError {
      warn(error.description)
      Status.error.leave()
    } catch let error as PictureSettingsError {
      warn("Error: \(error)\nSee 'lineup imagine --help' for more information.")
      Status.usage.leave()
    } catch let error as StudyError where error.isInterruption {
      warn("Interrupted: \(error) Give the same command again to go on; nothing is lost.")
      Status.interrupted.leave()
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      switch code {
      case .success:
        print(message)
        Status.success.leave()
      case .validationFailure:
        warn(message)
        Status.usage.leave()
      default:
        if !(error is ExitCode) { warn("lineup: \(error)") }
        (Status(rawValue: code.rawValue) ?? .error).leave()
      }
    }
  }
}

/// How the command ends.
enum Status: Int32 {
  case success = 0
  case error = 1
  /// A mistake on the command line.
  case usage = 2
  /// Interrupted; the same command goes on.
  case interrupted = 75

  /// Ends the process.
  func leave() -> Never {
    exit(rawValue)
  }
}

/// Prints a line to standard error.
func warn(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}
