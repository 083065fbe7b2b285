import Foundation
import LineupFormats
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupTestSupport
import Testing

@Suite struct CommandLineTests {
  private let study = experiment("gan-vs-diffusion")

  @Test func helpNamesEveryCommandAndTheExitCodes() throws {
    let help = try Executable.run("--help")
    #expect(help.status == 0)
    for word in ["validate", "plan", "schema", "data", "75 interrupted"] { #expect(help.output.contains(word)) }
    #expect(try Executable.run("help", "plan").output.contains("Trials are arms times seeds"))
  }

  @Test(arguments: [
    ["fly"], ["validate"], ["validate", "a.json", "--profil", "x"], ["plan", "a.json", "--set", "seeds"],
    ["plan", "a.json", "--set", "seeds=[1,"], ["plan", "a.json", "--jobs", "0"], ["plan", "a.json", "--jobs", "two"],
  ])
  func mistakesOnTheCommandLineEndWithTwo(_ arguments: [String]) throws {
    let outcome = try Executable.run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage:"))
  }

  @Test func aSoundFileEndsWithZero() throws {
    let outcome = try Executable.run("validate", study)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // The file as it stands, and its three profiles.
    #expect(outcome.output.split(separator: "\n").count == 4)
    #expect(outcome.output.contains("profile quick: valid; 5 arms, 2 seeds, sha256 "))
  }

  @Test func aBrokenFileEndsWithOneAndNamesEveryFault() throws {
    let outcome = try Executable.run(
      "validate", study, "--profile", "quick", "--set", "arms.gan.bachSize=1", "--set", "data.name=fashion")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Did you mean \"batchSize\"?"))
    #expect(outcome.errors.contains("Did you mean \"fashion-mnist\"?"))
    #expect(outcome.errors.contains("2 faults"))
    #expect(try Executable.run("plan", "/nowhere.json").status == 1)
  }

  @Test func figuresComeAsJSONToo() throws {
    let plan = try json(of: Executable.run("plan", study, "--profile", "quick", "--json"))
    #expect(plan["trials"]?.integer == 10)
    #expect(plan["flops"]?.double == 10 * (plan["flopsPerTrial"]?.double ?? 0))
    let broken = try Executable.run("validate", "/nowhere.json", "--json")
    #expect(broken.status == 1)
    #expect(try json(of: broken)["issues"]?.elements?[0]["found"]?.text == "no such file")
  }

  @Test func dataSetsAreListedAndShown() throws {
    #expect(try Executable.run("data", "list").output.contains("drawn shapes"))
    let listed = try json(of: Executable.run("data", "list", "--json"))
    #expect(listed.elements?.contains { $0["name"] == "shapes" && $0["isAvailable"] == true } == true)

    let file = TemporaryFile("shown.png")
    defer { withExtendedLifetime(file) {} }
    let picture = file.path
    for name in ["shapes", "ring"] {
      let shown = try Executable.run("data", "show", name, "--out", picture)
      #expect(shown.status == 0, "\(shown.errors)")
      #expect(FileManager.default.contents(atPath: picture)?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    }
    let unknown = try Executable.run("data", "show", "shaps", "--out", picture)
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("did you mean \"shapes\"?"))
    #expect(try Executable.run("data", "show", "shapes", "--out", "/nowhere/a.png").status == 1)
  }

  @Test func theSchemaIsPrinted() throws {
    #expect(try Executable.run("schema").output == ExperimentFileFormat.jsonSchema)
    #expect(try Executable.run("schema", "--reference").output == ExperimentFileFormat.referencePage)
  }

  private func json(of outcome: Executable.Outcome) throws -> JSONValue {
    try JSONDocument(parsing: Array(outcome.output.utf8), source: "output").value
  }
}
