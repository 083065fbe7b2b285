import Foundation
import LineupFamilies
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupTestSupport
import Testing

/// The files of the repository that the format describes, or that are made from it.
@Suite struct PublishedExperimentTests {
  @Test func theSchemaFileIsTheGeneratedOne() throws {
    let file = try String(contentsOf: repositoryRoot.appending(path: "experiments/schema.json"), encoding: .utf8)
    #expect(file == ExperimentFileFormat.jsonSchema, "run `make docs`")
  }

  /// Editors check the bodies of profiles like the file itself: unknown members, ranges, and null where it removes.
  @Test func theSchemaChecksProfiles() throws {
    let schema = try JSONParser.parse(Array(ExperimentFileFormat.jsonSchema.utf8), source: "schema").document.value
    #expect(schema["$id"]?.text == "urn:lineup:experiment-file")
    let body = schema["$defs"]?["LineupExperiment"]?["properties"]?["profiles"]?["additionalProperties"]
    #expect(body?["$ref"]?.text == "#/$defs/ChangeOfProfile")
    let change = schema["$defs"]?["ChangeOfProfile"]
    #expect(change?["additionalProperties"] == false && change?["required"] == nil)
    #expect(change?["properties"]?.keys.contains("profiles") == false)
    #expect(schema["$defs"]?["ChangeOfLineupExperiment"]?["properties"]?.keys.contains("profiles") == true)
    let patch = schema["$defs"]?["ChangeOfArm"]?["properties"]?["r1"]?["anyOf"]
    #expect(patch?.elements?.count == 2 && patch?.elements?[0]["minimum"]?.double == 0)
    #expect(patch?.elements?[1]["type"]?.text == "null")
  }

  @Test func theReferencePageIsTheGeneratedOne() throws {
    let file = try String(contentsOf: repositoryRoot.appending(path: "docs/experiment-file.md"), encoding: .utf8)
    #expect(file == ExperimentFileFormat.referencePage, "run `make docs`")
  }

  @Test func everyPublishedExperimentIsValidUnderEveryProfile() throws {
    let folder = repositoryRoot.appending(path: "experiments")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") && $0 != "schema.json" }
    #expect(names.contains("gan-vs-diffusion.json"))
    for name in names {
      let report = SpecificationReport(path: folder.appending(path: name).path, profile: nil, settings: [])
      #expect(report.issues.isEmpty, "\(report.summary)")
      for study in report.resolved { #expect("\(study.specification.name).json" == name) }
    }
  }

  /// A profile that mends a fault of the file hides it from no one who runs the file without it.
  @Test func aFaultThatAProfileMendsIsToldToo() throws {
    let files = try ExperimentFiles([
      "study.json": soundStudy.replacing(
        "\"gan\": { \"family\": \"adversarial\" }", with: "\"gan\": { \"family\": \"adversarial\", \"batchSize\": 0 }")
    ])
    _ = try files.resolve("study.json", profile: "smoke")
    let report = SpecificationReport(path: files.path("study.json"), profile: nil, settings: [])
    #expect(report.issues.map { "\($0.pointer)" } == ["/arms/gan/batchSize"])
  }

  @Test func theMainExperimentHasItsProfiles() throws {
    let file = try SpecificationFile(path: repositoryRoot.appending(path: "experiments/gan-vs-diffusion.json").path)
    #expect(file.profiles == ["smoke", "quick", "paper"])
    let quick = try file.resolve(profile: "quick").specification
    #expect(quick.arms.map(\.name) == ["gan", "gan-r1", "vae", "pixel-diffusion", "latent-diffusion"])
    var plain = try #require(quick.arms[0].options as? AdversarialOptions)
    let penalised = try #require(quick.arms[1].options as? AdversarialOptions)
    plain.r1 = penalised.r1
    #expect(plain == penalised, "plain GAN and R1-GAN differ by the penalty alone")
    #expect(try file.resolve(profile: "paper").specification.seeds.count >= 10)
    // The variant of `make run DATA=shapes`.
    _ = try file.resolve(
      profile: "quick", settings: [Override(#"name="gan-vs-diffusion-shapes""#), Override(#"data={"name":"shapes"}"#)])
  }
}
