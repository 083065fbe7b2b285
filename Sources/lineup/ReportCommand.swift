import ArgumentParser
import LineupReports
import LineupStudies

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a study's tables, figures, grids and report anew.",
    discussion: "Works on what has an outcome so far, and on published results without their run files.")

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Option(
    help: "Write only what the paper needs, the main table and the settings as LaTeX, into this folder.",
    completion: .directory)
  var latex: String?

  func run() throws {
    let study = try Study(opening: folder)
    try study.examineRuns()
    if let latex {
      for path in try writeLaTeX(for: study, to: latex) { say(path) }
      return
    }
    for path in try writeReport(for: study) { say(path) }
  }
}

struct GridCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid", abstract: "Draw a comparison grid: real images and each arm's samples, in fixed columns.")

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Option(parsing: .upToNextOption, help: "The arms to show. Default: all.")
  var arms: [String] = []

  @Option(parsing: .upToNextOption, help: "The seeds to show. Default: all.")
  var seeds: [UInt64] = []

  @Option(parsing: .upToNextOption, help: "Which samples to show. Default: the first ones.")
  var indices: [Int] = []

  @Flag(help: "Show the nearest training image under each sample.")
  var nearest = false

  @Option(help: "The picture to write.", completion: .file(extensions: ["png"]))
  var out: String

  func run() throws {
    let study = try Study(opening: folder)
    try study.examineRuns()
    try writeGrid(
      for: study, arms: arms, seeds: seeds, indices: indices,
      nearest: nearest, to: out)
    say(out)
  }
}
