import Foundation
import LineupDatasets
import LineupFormats
import LineupStrictJSON
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// What does not fit the data is refused by `validate`, in sentences with their places, before anything runs.
@Suite struct DataFitTests {
  private func issues(_ own: OwnPictures, _ settings: String...) throws -> [String] {
    let settings = try settings.map { try Override($0) }
    return SpecificationReport(path: own.folder.file("study.json"), profile: nil, settings: settings).issues.map(
      \.description)
  }

  @Test func moreSamplesThanTestImagesAreRefused() throws {
    let own = try OwnPictures()
    #expect(try issues(own).isEmpty)
    let found = try issues(own, "evaluation.samples=1000")
    #expect(found.count == 1 && found[0].contains("/evaluation/samples: found 1000 samples; expected at most "))
    #expect(found[0].contains("the images of the test part"))
    #expect(
      try issues(own, "evaluation.samples=1000", "evaluation.split=validation")[0].contains("the validation part"))
    let few = try issues(own, "data.testCount=900")
    #expect(few.count == 1 && few[0].contains("data.testCount: found 900, expected at most "))
    // What no loading is needed for.
    for count in ["count", "validationCount", "testCount"] {
      #expect(try issues(own, "data.\(count)=1")[0].contains("/data/\(count): found 1 image; expected at least 2"))
    }
    #expect(
      try issues(own, "data={\"name\":\"fashion-mnist\",\"testCount\":20000}").contains { $0.contains("at most 10000") }
    )
    #expect(try issues(own, "data={\"name\":\"shapes\",\"testCount\":20000}").isEmpty)
  }

  @Test(arguments: [3, 19]) func fewPicturesAreRefusedInASentence(_ count: Int) throws {
    let own = try OwnPictures(count)
    let found = try issues(own, "evaluation.samples=16", "evaluation.interimSamples=8")
    #expect(found.count == 1 && found[0].contains("study.json:3:") || count == 19)
    #expect(!found.isEmpty)
    #expect(throws: SpecificationError.self) {
      try ArmEstimate.all(of: try own.resolve("study.json", "evaluation.samples=16"))
    }
    #expect(throws: (any Error).self) {
      try Study(try own.resolve("study.json", "evaluation.samples=16"), results: own.results, fresh: false)
    }
    #expect(!Folder.exists(own.results), "nothing was made")
  }

  @Test func oneClassIsRefusedWhereClassesAreTold() throws {
    let own = try OwnPictures()
    func arm(_ condition: String) -> String {
      let network = #"{"preset":"unet2d","channels":[8,8],"groups":4,"layersPerBlock":1,"heads":2}"#
      return #"arms.pixels={"family":"pixelDiffusion","network":\#(network),"condition":{"kind":"\#(condition)"}}"#
    }
    let found = try issues(own, arm("class"))
    #expect(
      found.contains { $0.contains("/arms/pixels/condition: found folder with 1 classes; expected two or more") },
      "\(found)")
    // Captions are none where pictures lie in no folder.
    let flat = try OwnPictures(50, in: ".")
    #expect(try issues(flat).isEmpty)
    let text = try issues(flat, arm("text"))
    #expect(text.contains { $0.contains("/arms/pixels") }, "\(text)")
  }

  @Test func badFilesAndFoldersAreNamed() throws {
    let own = try OwnPictures()
    try own.folder.write("pictures/thing/bad.png", "text")
    try own.folder.write("pictures/thing/worse.png", "")
    let found = try issues(own)
    #expect(
      found.count == 1 && found[0].contains("thing/bad.png: found")
        && found[0].contains("thing/worse.png: found an empty"))
    #expect(try issues(own, "data.skipBad=true").isEmpty)
    #expect(try issues(own, "data.path=\"/nowhere/at/all\"")[0].contains("there is no such file or folder"))
  }

  @Test func settingsOfFoldersFitFoldersOnly() throws {
    let own = try OwnPictures()
    #expect(try issues(own, "data.background=black").isEmpty)
    #expect(try issues(own, "data.background=[1,2,3]").isEmpty)
    #expect(try issues(own, "data.background=pink")[0].contains("/data/background"))
    for member in ["\"background\":\"black\"", "\"skipBad\":true"] {
      #expect(try issues(own, "data={\"name\":\"shapes\",\(member)}").count == 1, "\(member)")
    }
  }

  // MARK: The commands

  @Test func checkSaysWhatThereIs() throws {
    let own = try OwnPictures()
    try own.folder.write("pictures/thing/bad.png", "text")
    try own.folder.write("pictures/thing/3.txt", "a caption")
    let check = try DataCheck(.init(name: "folder", path: own.path))
    #expect(!check.isSound)
    let json = check.json
    #expect(json["files"]?.integer == 51 && json["read"]?.integer == 50)
    #expect(json["leftOut"]?.elements?.first?["file"]?.text == "thing/bad.png")
    #expect(json["leftOut"]?.elements?.first?["reason"]?.text?.hasPrefix("found a file that begins with 74 65") == true)
    #expect(json["classes"]?.elements?.count == 1 && json["hash"]?.text?.count == 64)
    let parts = ["train", "validation", "test"].compactMap { json["splits"]?[$0]?.integer }
    #expect(parts.reduce(0, +) == 50)
    #expect(check.text.contains("51 files, 50 read, 1 left out") && check.text.contains("thing/bad.png: found"))
    #expect(throws: Fault.self) { try DataCheck(.init(name: "shapes", path: own.path)) }
  }

  @Test func exportWritesWhatTrainingSees() throws {
    let own = try OwnPictures(30)
    try own.folder.write("pictures/thing/7.txt", "späte 🍎")
    let path = own.folder.file("x.npz")
    try DataExport(.init(name: "folder", size: 8, path: own.path)).write(to: path)
    let bytes = try WholeFile.read(path)
    for name in ["images", "labels", "captions", "files", "splits"] {
      #expect(bytes.contains(Array("\(name).npy".utf8)))
    }
    #expect(throws: Fault.self) { try DataExport(.init(name: "ring")) }
  }
}
