import ArgumentParser
import LineupImagine
import LineupReports
import LineupStudies
import LineupSupport

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
      InspectCommand.self, DiffCommand.self, VerifyCommand.self, ReportCommand.self, GridCommand.self,
      SampleCommand.self,
      ExportCommand.self, DataCommand.self, TrainFeaturesCommand.self, BenchCommand.self, ImagineCommand.self,
      WorkCommand.self, ExamineCommand.self,
    ])

  static func main() {
    #if DEBUG
      warn("This is a debug build, tens of times slower than a release build (swift build -c release).")
    #endif
    do {
      var command = try parseAsRoot()
      FatalSignals.explain()
      try Engine.prepare(
        outOfMemory: command is WorkCommand ? .outOfMemory : command is RunCommand ? .interrupted : .error)
      try command.run()
      try StandardOutput.check()
    } catch {
      end(with: error)
    }
  }

  /// The one place where errors become messages and exit codes.
  private static func end(with error: any Error) -> Never {
    switch error {
    case let error as Interruption:
      if let reason = error.reason { warnOfInterruption("\(reason).") }
      ExitStatus.interrupted.leave()
    case StudyError.stopped, StudyError.interrupted:
      warnOfInterruption("\(error).")
      ExitStatus.interrupted.leave()
    case let error as Fault where error.isDiskFull || error.kind == .outOfMemory:
      warnOfInterruption("\(error).")
      ExitStatus.interrupted.leave()
    case let error as SpecificationError:
      warn(error.description)
      ExitStatus.error.leave()
    case let error as PictureSettingsError:
      warn("Error: \(error)\nSee 'lineup imagine --help' for more information.")
      ExitStatus.usage.leave()
    default:
      let code = exitCode(for: error)
      switch code {
      case .success:
        say(fullMessage(for: error))
        do { try StandardOutput.check() } catch { end(with: error) }
        ExitStatus.success.leave()
      case .validationFailure:
        warn(fullMessage(for: error))
        ExitStatus.usage.leave()
      default:
        if !(error is ExitCode) { warn("lineup: \(error)") }
        (ExitStatus(rawValue: code.rawValue) ?? .error).leave()
      }
    }
  }

  private static func warnOfInterruption(_ reason: String) {
    warn("Interrupted: \(reason) Give the same command again to go on; nothing is lost.")
  }
}

/// Ends a command before its work is done; the same command goes on. Without a reason it was told already.
struct Interruption: Error { var reason: String? }
