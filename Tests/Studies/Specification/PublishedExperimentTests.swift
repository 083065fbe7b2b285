import Foundation
import LineupFamilies
import LineupReports
import LineupStudies
import Testing

/// The files of the repository that the format describes, or that are made from it.
@Suite struct PublishedExperimentTests {
  @Test func theSchemaFileIsTheGeneratedOne() throws {
    let file = try String(contentsOf: packageRoot.appending(path: "experiments/schema.json"), encoding: .utf8)
    #expect(file == ExperimentFileFormat.jsonSchema, "run `make docs`")
  }

  @Test func theReferencePageIsTheGeneratedOne() throws {
    let file = try String(contentsOf: packageRoot.appending(path: "docs/experiment-file.md"), encoding: .utf8)
    #expect(file == ExperimentFileFormat.referencePage, "run `make docs`")
  }

  @Test func everyPublishedExperimentIsValidUnderEveryProfile() throws {
    let folder = packageRoot.appending(path: "experiments")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") && $0 != "schema.json" }
    #expect(names.contains("gan-vs-diffusion.json"))
    for name in names {
      let report = SpecificationReport(path: folder.appending(path: name).path, profile: nil, settings: [])
      #expect(report.issues.isEmpty, "\(report.summary)")
      for study in report.resolved { #expect("\(study.specification.name).json" == name) }
    }
  }

  @Test func theMainExperimentHasItsProfiles() throws {
    let file = try SpecificationFile(path: packageRoot.appending(path: "experiments/gan-vs-diffusion.json").path)
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
