import LineupReports
import LineupStrictJSON
import LineupStudies
import Testing

/// Broken experiment files: every fault is named, at its place, with what was probably meant.
@Suite struct SpecificationFaultTests {
  private func issues(
    _ files: [String: String], profile: String? = nil, settings: [String] = []
  ) throws -> [SpecificationError.Issue] {
    let files = try ExperimentFiles(files)
    return try #require(throws: SpecificationError.self) {
      _ = try SpecificationFile(path: files.path("study.json"))
        .resolve(profile: profile, settings: try settings.map { try Override($0) })
    }.issues
  }

  /// The sound study with one setting that breaks it.
  private func issues(setting: String...) throws -> [SpecificationError.Issue] {
    try issues(["study.json": soundStudy], settings: setting)
  }

  @Test func allFaultsAreReportedAtOnceInTheOrderOfLines() throws {
    let text = """
      {
        "name": "My Study",
        "dta": { "name": "shapes" },
        "data": { "name": "fashion_mnist" },
        "budget": {},
        "seeds": [1, 2, 1],
        "arms": {
          "gan": { "family": "adversarial", "batchsize": 64, "learningRate": -1, "clipNorm": "1" },
          "vae": { "family": "variationel" },
          "noone": {}
        },
        "evaluation": { "marks": [0.5, 0.25], "neighbours": 100 }
      }
      """
    let found = try issues(["study.json": text])
    let summary = found.map { "\($0.place?.line ?? 0) \($0.pointer) \($0.suggestion ?? "-")" }
    #expect(
      summary == [
        "2 /name -", "3 /dta \"data\"", "4 /data/name \"fashion-mnist\"", "5 /budget -", "6 /seeds/2 -",
        "8 /arms/gan/batchsize \"batchSize\"", "8 /arms/gan/learningRate -", "8 /arms/gan/clipNorm -",
        "9 /arms/vae/family \"variational\"", "10 /arms/noone -", "12 /evaluation/marks/1 -",
        "12 /evaluation/neighbours -",
      ], "\(found.map(\.description).joined(separator: "\n"))")
  }

  @Test func aFaultReadsAsASentence() throws {
    let files = try ExperimentFiles([
      "study.json": soundStudy.replacing("\"beta\": 4", with: "\"beta\": \"4\"")
    ])
    let error = try #require(throws: SpecificationError.self) { _ = try files.resolve() }
    #expect(
      error.description
        == "\(files.path("study.json")):7:41: /arms/zebra/beta: found the text \"4\"; expected a number of at least 0")
  }

  @Test(arguments: [
    ("arms.gan.batchSize=1.5", "/arms/gan/batchSize", "whole number from 1"),
    ("arms.gan.batchSize=0", "/arms/gan/batchSize", "whole number from 1"),
    ("arms.gan.batchSize=big", "/arms/gan/batchSize", "whole number from 1"),
    ("arms.gan.average=1", "/arms/gan/average", "below 1"),
    ("arms.zebra.decoderVariance=large", "/arms/zebra/decoderVariance", "\"learned\""),
    ("arms.zebra.decoderVariance=-1", "/arms/zebra/decoderVariance", "above 0"),
    ("arms.zebra.decoderVariance=[]", "/arms/zebra/decoderVariance", "or a number"),
    ("arms.gan=7", "/arms/gan", "\"family\""),
    ("arms={}", "/arms/gan", ""),
    ("seeds=[]", "/seeds", "list of 1"),
    ("seeds=[-1]", "/seeds/0", "from 0 to 18446744073709551615"),
    ("seeds=[1.5]", "/seeds/0", "from 0 to 18446744073709551615"),
    ("seeds=[18446744073709551616]", "/seeds/0", "from 0 to 18446744073709551615"),
    ("evaluation.marks=[0.5,1.5]", "/evaluation/marks/1", "at most 1"),
    ("evaluation.marks=[0]", "/evaluation/marks/0", "above 0"),
    ("evaluation.samples=3000", "/evaluation/samples", "at most 2000"),
    ("budget.flops=0", "/budget/flops", "at least 1"),
    ("data.channels=2", "/data/channels", "or 3"),
    ("data.name=idx", "/data", "data.path"),
    ("data.name=ring", "/arms/pixels/family", "adversarial or variational"),
    ("data.size=30", "/arms/zebra/family", "multiple of 4"),
    ("arms.pixels.network.groups=5", "/arms/pixels/network/groups", "divides"),
    ("arms.pixels.timesteps=10", "/arms/pixels/timesteps", "sampler.steps"),
    ("arms.pixels.sampler.steps=2000", "/arms/pixels/sampler/steps", "timesteps"),
    ("arms.latents.unet.heads=5", "/arms/latents/unet/heads", "divides"),
    ("arms.latents.text.heads=5", "/arms/latents/text/heads", "divides"),
    ("arms.latents.guidence=[2]", "/arms/latents/guidence", "guidance"),
    ("name=Über", "/name", "small letters"),
    ("budget.fl0ps=1", "/budget/fl0ps", "flops"),
  ])
  func oneFaultIsNamed(_ setting: String, _ pointer: String, _ expected: String) throws {
    // Removing every arm needs a null each; an empty object merges and changes nothing.
    guard setting != "arms={}" else {
      let study = try ExperimentFiles(["study.json": soundStudy]).resolve("study.json", setting)
      #expect(study.specification.arms.count == 4)
      return
    }
    let found = try issues(setting: setting)
    let fault = try #require(found.first { "\($0.pointer)" == pointer }, "\(found)")
    #expect(fault.expected.contains(expected), "\(fault)")
    #expect(fault.place?.source == "--set \(setting)" || fault.place?.line != nil)
  }

  @Test func aStudyWithoutArmsIsAFault() throws {
    let found = try issues(
      setting: "arms.zebra=null", "arms.gan=null", "arms.pixels=null", "arms.latents=null")
    #expect(found.map { "\($0.pointer)" } == ["/arms"])
  }

  @Test func everythingRequiredIsAskedFor() throws {
    let found = try issues(["study.json": "{}"])
    #expect(
      found.map(\.found) == ["name", "data", "budget", "seeds", "arms"].map { "no member \"\($0)\"" }, "\(found)")
  }

  @Test func aFileThatIsNoObjectIsAFault() throws {
    #expect(try issues(["study.json": "[1]"]).count == 1)
  }

  @Test func duplicatesAreReportedBesideOtherFaults() throws {
    let text = soundStudy.replacing("\"name\": \"study\",", with: "\"name\": \"study\", \"name\": \"other\", \"x\": 1,")
    #expect(try issues(["study.json": text]).map { "\($0.pointer)" } == ["/name", "/x"])
  }

  @Test func circlesOfExtendsAreNamed() throws {
    let found = try issues([
      "study.json": #"{ "extends": "a.json" }"#, "a.json": #"{ "extends": "b.json" }"#,
      "b.json": #"{ "extends": "./study.json" }"#,
    ])
    #expect(found.count == 1)
    #expect(found[0].found.contains("a circle"))
    #expect(found[0].place?.source.hasSuffix("b.json") == true)
    #expect(try issues(["study.json": #"{ "extends": "study.json" }"#])[0].found.contains("a circle"))
  }

  @Test func missingFilesAreNamed() throws {
    #expect(try issues([:])[0].found == "no such file")
    let found = try issues(["study.json": "{\n \"extends\": \"base.json\" }"])
    #expect(found.map { "\($0.pointer)" } == ["/extends"])
    #expect(found[0].place?.line == 2)
  }

  @Test func faultsInAnExtendedFileNameThatFile() throws {
    let found = try issues([
      "study.json": #"{ "extends": "base.json", "seeds": 3 }"#,
      "base.json": soundStudy.replacing("\"beta\"", with: "\"betta\""),
    ])
    #expect(found.map { $0.place?.source.split(separator: "/").last.map(String.init) } == ["study.json", "base.json"])
    #expect(found[1].suggestion == "\"beta\"")
  }

  @Test func profilesAreChecked() throws {
    let unknown = try issues(["study.json": soundStudy], profile: "smok")
    #expect(unknown[0].suggestion == "\"smoke\"")
    let inside = try issues(
      ["study.json": soundStudy.replacing("\"seeds\": [7]", with: "\"sead\": [7], \"profiles\": {}")],
      profile: "smoke")
    #expect(inside.map { "\($0.pointer)" } == ["/sead", "/profiles/smoke/profiles"])
    #expect(inside.allSatisfy { $0.place?.line == 13 }, "\(inside)")
    #expect(
      try issues(["study.json": soundStudy.replacing("\"smoke\"", with: "\"Smoke Test\"")])[0].expected
        .contains("small letters"))
  }

  @Test(arguments: [
    "seeds", "=1", "a..b=1", "seeds=[1,", "seeds=", #"budget={"flops":1,"flops":2}"#, #"extends="x""#,
  ])
  func malformedSettingsAreRefused(_ text: String) {
    #expect(throws: Override.Malformed.self) { _ = try Override(text) }
  }
}
