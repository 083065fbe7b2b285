import ArgumentParser
import LineupDatasets
import LineupStrictJSON

/// `lineup captions NAME`: what a data set says of its images.
struct CaptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions", abstract: "Print the first captions of a data set.")

  @Argument(help: "The data set's name, as `lineup data list` has it.")
  var name: String

  @Option(help: "How many.")
  var count = 10

  @Flag(help: "Print them as JSON.")
  var json = false

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is \(count); expected at least 1") }
  }

  func run() throws {
    let captions = try Dataset.load(DataRequest(name: name, count: count)).train.captions
    print(json ? JSONValue.array(captions.map { .string($0) }).indentedText : captions.joined(separator: "\n"))
  }
}
