import ArgumentParser
import LineupReports
import LineupStudies

/// The arguments that name a study: an experiment file, a profile and settings.
struct ExperimentArguments: ParsableArguments {
  @Argument(
    help: "The experiment file, such as experiments/gan-vs-diffusion.json.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: "The profile to lay over the file, such as smoke, quick or paper.")
  var profile: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change one member, such as budget.flops=5e12 or arms.gan.r1=0.1; may be given several times.",
      valueName: "path=json"))
  var settings: [String] = []

  func validate() throws {
    _ = try parsedSettings()
  }

  /// The settings; a malformed one is a mistake on the command line.
  func parsedSettings() throws -> [Override] {
    try settings.map { text in
      do throws(Override.Malformed) {
        return try Override(text)
      } catch {
        throw ValidationError(error.description)
      }
    }
  }

  /// The study, complete and checked.
  func resolve() throws -> ResolvedSpecification {
    try SpecificationFile(path: file).resolve(profile: profile, settings: parsedSettings())
  }
}
