import Foundation
import LineupDatasets
import LineupStrictJSON
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// A study goes on with the pictures that it began with, or not at all.
@Suite struct PinnedDataTests {
  private func refusal(_ body: () throws -> Void) throws -> String {
    do {
      try body()
      Issue.record("nothing was refused")
      return ""
    } catch { return "\(error)" }
  }

  @Test func aPictureMoreIsRefusedByName() throws {
    let own = try OwnPictures()
    let study = try own.launch()
    _ = try own.worker(study).run()
    #expect(try own.launch().specification.data.path == own.path)

    try own.add(70..<71)
    for body in [{ _ = try own.launch() }, { _ = try own.worker(Study(opening: study.folder.path)) }]
      as [() throws -> Void]
    {
      let message = try refusal(body)
      #expect(message.contains("the data of this study changed since it was launched:\n  thing/70.png was added\n"))
      #expect(message.contains("--fresh"))
    }
    try FileManager.default.removeItem(atPath: "\(own.path)/thing/70.png")
    try FileManager.default.moveItem(atPath: "\(own.path)/thing/3.png", toPath: "\(own.path)/thing/x.png")
    #expect(try own.launch().resolved.sha256 == study.resolved.sha256, "only a name changed")
    try own.folder.write("pictures/thing/4.txt", "a caption")
    #expect(try refusal { _ = try own.launch() }.contains("thing/4.png has another caption"))
    _ = try own.launch(fresh: true)
    #expect(try own.launch().trials.count == 1)
  }

  /// What an earlier state of the program began can be looked at, and not gone on with under another rule of parts.
  @Test func studiesFromBeforeAreNotGoneOnWith() throws {
    let own = try OwnPictures()
    let study = try own.launch()
    try FileManager.default.removeItem(atPath: study.folder.data)
    #expect(try refusal { _ = try own.launch() }.contains("by another rule"))
    #expect(try Study(opening: study.folder.path).specification.arms.count == 1)
  }

  /// The record of a study tells what the data were and nothing of where.
  @Test func publishedFilesHoldNoPathOfThisMachine() throws {
    let own = try OwnPictures()
    let study = try own.launch()
    _ = try own.worker(study).run()
    let files = try FileManager.default.subpathsOfDirectory(atPath: study.folder.path)
    let published = files.filter { !$0.hasPrefix("runs") && !Folder.isFolder("\(study.folder.path)/\($0)") }
    #expect(published.contains("data.json") && published.contains("specification.json") && published.count >= 4)
    for file in published {
      let bytes = try WholeFile.read("\(study.folder.path)/\(file)")
      #expect(!bytes.contains(Array(own.folder.path.utf8)), "in \(file)")
    }
    #expect(try WholeFile.text(study.folder.specification).contains("\"path\": \"pictures\""))
  }

  /// A path in a file is relative to that file, also where another one extends it; one of the command line is not.
  @Test func pathsAreRelativeToTheFileThatHasThem() throws {
    let own = try OwnPictures()
    #expect(try own.resolve().specification.data.path == own.path)
    try FileManager.default.createDirectory(atPath: own.folder.file("deeper"), withIntermediateDirectories: true)
    try own.folder.write("deeper/other.json", "{ \"extends\": \"../study.json\", \"name\": \"other\" }")
    #expect(
      try own.resolve("deeper/other.json").specification.data.path
        == own.path)
    try own.folder.write("deeper/own.json", "{ \"extends\": \"../study.json\", \"data\": { \"path\": \"here\" } }")
    #expect(try own.resolve("deeper/own.json").specification.data.path == own.folder.file("deeper/here"))
    let here = FileManager.default.currentDirectoryPath
    #expect(try own.resolve("study.json", "data.path=here").specification.data.path == "\(here)/here")
    #expect(try own.resolve("study.json", "data.path=\"/there\"").specification.data.path == "/there")
    #expect(try own.resolve().text.contains("\"path\": \"pictures\""))
  }
}
