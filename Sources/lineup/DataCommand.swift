import ArgumentParser
import LineupDatasets
import LineupFormats
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupSupport

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List and show the data sets that a study can train on.",
    subcommands: [DataListCommand.self, DataShowCommand.self])
}

struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets, and how to get those that are not on this machine.")

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() {
    say(json ? DataListing.json.indentedText : DataListing.table, terminator: "")
  }
}

struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Draw a picture of a data set.",
    discussion: "A row for each class with its first images, or all points of a set of points.")

  @Argument(help: "The data set's name, as `lineup data list` has it.")
  var name: String

  @Option(
    help: "The PNG file to write; NAME.png in this folder where not given.", completion: .file(extensions: ["png"]))
  var out: String?

  @Option(help: "The folder of the files, where it is not their package's own.", completion: .directory)
  var path: String?

  @Option(help: "The side of the images in pixels.")
  var size: Int?

  @Option(help: "1 for grey, 3 for colour.")
  var channels: Int?

  @Flag(help: "Print sizes, counts and hashes as JSON.")
  var json = false

  func run() throws {
    let preview = try DataPreview(DataRequest(name: name, size: size, channels: channels, path: path))
    let file = out ?? "\(name).png"
    try preview.write(to: file)
    let outcome = preview.json.replacing("picture", with: .string(file))
    say(json ? outcome.indentedText : "\(preview.summary)\n\(file)\n", terminator: "")
  }
}
