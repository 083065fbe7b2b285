import ArgumentParser
import LineupDatasets
import LineupFormats
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupSupport

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, show, check and export the data sets that a study can train on.",
    subcommands: [DataListCommand.self, DataShowCommand.self, DataCheckCommand.self, DataExportCommand.self])
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

struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a folder of pictures and name every file that cannot be used.",
    discussion: """
      Says how many files there are, what classes and parts they make, and the hash that names the data. Captions and \
      hidden files do not count. Exits with 1 if a file is left out or the whole cannot be trained on.
      """)

  @Argument(help: "The data set's name: folder.")
  var name: String

  @Option(help: "The folder of the pictures.", completion: .directory)
  var path: String

  @Flag(help: "Print the outcome as JSON.")
  var json = false

  func run() throws {
    let check = try DataCheck(DataRequest(name: name, path: path))
    say(json ? check.json.indentedText : check.text, terminator: "")
    if !check.isSound { throw ExitCode.failure }
  }
}

struct DataExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write what training will see of a data set, for NumPy.",
    discussion: """
      The archive holds the arrays images (bytes, [count, height, width, channels]), labels (-1 for none), captions, files \
      and splits (train, validation or test).
      """)

  @Argument(help: "The data set's name, as `lineup data list` has it.")
  var name: String

  @Option(help: "The NPZ file to write.", completion: .file(extensions: ["npz"]))
  var out: String

  @Option(help: "The folder of the files, where it is not their package's own.", completion: .directory)
  var path: String?

  @Option(help: "The side of the images in pixels.")
  var size: Int?

  @Option(help: "1 for grey, 3 for colour.")
  var channels: Int?

  @Flag(help: "Leave files out that cannot be used.")
  var skipBad = false

  func run() throws {
    var request = DataRequest(name: name, size: size, channels: channels, path: path)
    if skipBad { request.skipBad = true }
    let export = try DataExport(request)
    try export.write(to: out)
    say("\(export.summary)\n\(out)")
  }
}
