import Foundation
import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupSupport
import Testing

/// What a sound file means.
@Suite struct SpecificationTests {
  @Test func armsKeepTheFilesOrderAndSeedsAllTheirBits() throws {
    let study = try ExperimentFiles(["study.json": soundStudy]).resolve().specification
    #expect(study.arms.map(\.name) == ["zebra", "gan", "pixels", "latents"])
    #expect(study.seeds == [1, .max])
    #expect(study.arms.map(\.usesLabels) == [false, false, false, true])
    guard let vae = study.arms[0].options as? VariationalOptions else {
      Issue.record("zebra is a VAE")
      return
    }
    #expect(vae.beta == 4)
    #expect(vae.decoderVariance == .learned)
  }

  @Test func presetsFillWhatAFileLeavesOut() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    func network(_ settings: String) throws -> PixelDiffusionOptions.Network? {
      let arm = try files.resolve("study.json", settings).specification.arm(named: "pixels")
      return (arm?.options as? PixelDiffusionOptions)?.network
    }
    #expect(try network("arms.pixels.batchSize=8") == .seed)
    #expect(try network("arms.pixels.network.preset=patch") == .patch)
    var changed = PixelDiffusionOptions.Network.seed
    changed.blocks = 1
    #expect(try network("arms.pixels.network.blocks=1") == changed)
  }

  @Test func laterLayersWin() throws {
    let files = try ExperimentFiles([
      "base.json": soundStudy,
      "study.json": """
      { "extends": "base.json", "question": "?", "seeds": [2],
        "arms": { "gan": { "batchSize": 8, "r1": 2 }, "late": { "family": "adversarial" } } }
      """,
    ])
    let plain = try files.resolve().specification
    #expect(plain.seeds == [2])
    #expect(plain.budget.flops == 1e10)
    #expect(plain.arms.map(\.name) == ["zebra", "gan", "pixels", "latents", "late"])

    let smoke = try files.resolve(profile: "smoke", "arms.gan.r1=3", "arms.gan.r1=4", "data.name=fashion-mnist")
    #expect(smoke.profile == "smoke")
    #expect(smoke.specification.seeds == [7])
    #expect(smoke.specification.data.name == "fashion-mnist")
    #expect(smoke.specification.arms.map(\.name) == ["gan", "pixels", "latents", "late"])
    let gan = try #require(smoke.specification.arms[0].options as? AdversarialOptions)
    #expect(gan.batchSize == 16)
    #expect(gan.r1 == 4)
  }

  /// A null inside a profile removes a member when the profile is chosen, however deep the profile was merged.
  @Test func profilesMergeAndKeepTheirNulls() throws {
    let files = try ExperimentFiles([
      "base.json": soundStudy,
      "study.json": """
      { "extends": "base.json",
        "profiles": { "smoke": { "arms": { "latents": null, "gan": { "r1": 1 } } }, "long": { "seeds": [1, 2, 3] } } }
      """,
      "fewer.json": #"{ "extends": "base.json", "profiles": { "smoke": null } }"#,
    ])
    #expect(try files.resolve().specification.arms.count == 4)
    #expect(try files.resolve(profile: "long").specification.seeds == [1, 2, 3])
    let smoke = try files.resolve(profile: "smoke").specification
    #expect(smoke.arms.map(\.name) == ["gan", "pixels"])
    let gan = try #require(smoke.arms[0].options as? AdversarialOptions)
    #expect(gan.batchSize == 16 && gan.r1 == 1)
    #expect(try SpecificationFile(path: files.path("fewer.json")).profiles.isEmpty)
  }

  @Test func theHashStandsForTheMeaning() throws {
    let files = try ExperimentFiles([
      "study.json": soundStudy,
      "same.json": """
      { "arms": {
          "latents": { "family": "latentDiffusion", "conditionDropout": 0.10 },
          "pixels": { "network": { "preset": "seed", "blocks": 2 }, "family": "pixelDiffusion" },
          "gan": { "batchSize": 64, "family": "adversarial", "r1": 0.0 },
          "zebra": { "beta": 4.0, "family": "variational", "label": null } },
        "seeds": [1, 18446744073709551615], "budget": { "flops": 10000000000 },
        "data": { "name": "shapes" }, "name": "study" }
      """,
    ])
    let study = try files.resolve()
    #expect(study.sha256 == (try files.resolve("same.json").sha256))
    #expect(study.sha256.count == 64)
    #expect(study.sha256 != (try files.resolve("study.json", "seeds=[18446744073709551615,1]").sha256))
    #expect(study.sha256 != (try files.resolve("study.json", "arms.gan.r1=1").sha256))
  }

  /// A worker reads the frozen text back: it must say the same.
  @Test func theFrozenTextIsAnExperimentFile() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    let study = try files.resolve(profile: "smoke")
    try Data(study.text.utf8).write(to: URL(fileURLWithPath: files.path("specification.json")))
    let again = try files.resolve("specification.json")
    #expect(again.sha256 == study.sha256)
    #expect(again.text == study.text)
    #expect(again.specification.arms == study.specification.arms)
  }

  /// Encoding what was decoded gives the same members back, so the schema and the types have the same ones.
  @Test func schemaAndTypesHaveTheSameMembers() throws {
    let study = try ExperimentFiles(["study.json": soundStudy]).resolve()
    for arm in study.specification.arms {
      let options = JSONValue(encoding: arm.options)
      let written = study.value["arms"]?[arm.name]?
        .patched(with: ["family": .null, "label": .null])
      #expect(options.canonicalText == written?.canonicalText)
    }
    let whole = [
      "evaluation": JSONValue(encoding: study.specification.evaluation),
      "checkpoints": JSONValue(encoding: study.specification.checkpoints),
      "data": JSONValue(encoding: study.specification.data),
      "budget": JSONValue(encoding: study.specification.budget),
    ]
    for (key, encoded) in whole { #expect(encoded.canonicalText == study.value[key]?.canonicalText) }
  }

  /// The mark of tables follows the learner, whatever an older file says; the file is told of once.
  @Test func theMarkOfLabelsFollowsTheLearner() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    let study = try files.resolve("study.json", "arms.gan.usesLabels=true", "arms.latents.usesLabels=false")
    #expect(study.specification.arms.map(\.usesLabels) == [false, false, false, true])
    #expect(study.notes.count == 1 && study.notes[0].contains("/arms/gan/usesLabels"))
    #expect(study.sha256 == (try files.resolve().sha256))
    #expect(throws: SpecificationError.self) { try files.resolve("study.json", "arms.gan.usesLabels=1") }
  }

  /// A term that the data cannot serve is named, where it is asked for and only there.
  @Test func aTermWithoutItsNetworkIsNamed() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    #expect(try files.resolve().notes.isEmpty)
    let notes = try files.resolve("study.json", "data={\"name\":\"folder\",\"path\":\"pictures\",\"size\":32}").notes
    #expect(notes.count == 1)
    #expect(notes.first?.hasPrefix("/arms/latents/autoencoder/perceptualWeight: not obeyed") == true)
    let grey = try files.resolve("study.json", "data={\"name\":\"shapes\",\"channels\":1}").notes
    #expect(grey.count == 1, "the committed network is for images in colour")
    #expect(
      try files.resolve(
        "study.json", "data={\"name\":\"folder\",\"path\":\"pictures\",\"size\":32}",
        "arms.latents.autoencoder.perceptualWeight=0"
      ).notes.isEmpty)
  }

  /// A study's hash is that of the text that was stored, whatever members have come or gone since.
  @Test func aFrozenHashIsThatOfTheStoredText() throws {
    let files = try ExperimentFiles(["study.json": soundStudy])
    let study = try files.resolve()
    let older = study.value.patched(with: ["arms": ["gan": ["usesLabels": false, "r1": .null]]])
    try Data(older.indentedText.utf8).write(to: URL(fileURLWithPath: files.path("specification.json")))
    let frozen = try ResolvedSpecification(frozenAt: files.path("specification.json"))
    #expect(frozen.sha256 == SHA256.hexadecimalDigest(of: Array(older.canonicalText.utf8)))
    #expect(frozen.value.canonicalText == study.value.canonicalText)
  }

  /// Every member of a data request can be set from a file.
  @Test func dataMembersAreThoseOfTheRequest() throws {
    var request = DataRequest(
      name: "folder", size: 32, channels: 3, count: 5, validationCount: 6, testCount: 2000, seed: .max, path: "/p",
      allTrain: true)
    (request.background, request.skipBad) = (PaperColour("#010203"), true)
    let text = JSONValue(encoding: request).canonicalText
    let study = try ExperimentFiles(["study.json": soundStudy]).resolve("study.json", "data=\(text)")
    #expect(study.specification.data == request)
  }

  @Test func reservedMembersAreKept() throws {
    let study = try ExperimentFiles(["study.json": soundStudy])
      .resolve("study.json", #"claims=[{"id":"H1","null":null}]"#, #"search={"trials":8}"#)
    #expect(study.specification.claims?.canonicalText == #"[{"id":"H1","null":null}]"#)
    #expect(study.specification.search?["trials"]?.integer == 8)
  }

  @Test func aPlanCountsTrials() throws {
    let study = try ExperimentFiles(["study.json": soundStudy]).resolve()
    let plan = StudyPlan(study, jobs: 3, flopsPerSecond: 1e9)
    #expect(plan.trials == 8)
    #expect(plan.totalFlops == 8e10)
    #expect(plan.seconds == 30)
    #expect(plan.table.contains("8 (4 arms × 2 seeds)"))
  }
}
