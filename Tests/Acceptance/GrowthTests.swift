import Foundation
import LineupTestSupport
import Testing

/// A study that grows, and one that is done again from what its report says, by the program itself.
@Suite struct GrowthTests {
  private static func file(seeds: String) -> String {
    """
    { "name": "grows", "data": { "name": "ring" }, "budget": { "steps": 8 }, "seeds": \(seeds),
      "arms": { "gan": { "family": "adversarial", "batchSize": 4, "pointLayers": [4] } },
      "evaluation": { "samples": 20, "interimSamples": 12, "marks": [0.5], "timingSteps": 1 } }
    """
  }

  @Test func seedsThatAreAddedGiveTheBitsOfAllAtOnce() throws {
    let folder = try TemporaryFolder()
    func run(_ seeds: String, _ results: String) throws {
      let outcome = try Executable.run(
        "run", try folder.write("study.json", Self.file(seeds: seeds)), "--results", folder.file(results))
      #expect(outcome.status == 0, "\(outcome)")
    }
    let record = folder.file("grown/grows/default/trials/gan-seed-1.json")
    try run("[1]", "grown")
    let before = try Data(contentsOf: URL(filePath: record))
    try run("[1, 2]", "grown")
    #expect(try Data(contentsOf: URL(filePath: record)) == before)
    try run("[1, 2]", "once")
    let outcome = try Executable.run("diff", folder.file("grown/grows/default"), folder.file("once/grows/default"))
    #expect(outcome.status == 0, "\(outcome)")
  }

  /// The report's command, in a folder that holds nothing but the specification.
  @Test func theReportSaysHowToDoItAgain() throws {
    let folder = try TemporaryFolder()
    let study = try folder.write("study.json", Self.file(seeds: "[1]"))
    #expect(try Executable.run("run", study, "--results", folder.file("results")).status == 0)
    let first = folder.file("results/grows/default")
    let page = try String(contentsOfFile: "\(first)/report.html", encoding: .utf8)
    let command = try #require(page.firstMatch(of: /<pre><code>lineup ([^<]*)<\/code><\/pre>/)?.1)

    let empty = folder.file("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    try FileManager.default.copyItem(atPath: "\(first)/specification.json", toPath: "\(empty)/specification.json")
    let outcome = try Executable.run(command.split(separator: " ").map(String.init), in: empty)
    #expect(outcome.status == 0, "\(outcome)")
    let difference = try Executable.run("diff", first, "\(empty)/again/grows/default")
    #expect(difference.status == 0, "\(difference)")
  }
}
