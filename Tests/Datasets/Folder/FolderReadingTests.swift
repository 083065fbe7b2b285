import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

/// Folders of pictures: which files are read, what part and class they get, and what is said of the others.
@Suite struct FolderReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ number: Int) throws { try folder.write(name, noise(number).png()) }

  private func fill(_ prefix: String, _ count: Int, from first: Int = 0) throws {
    for number in first..<first + count { try write("\(prefix)\(number).png", number) }
  }

  private func read() throws -> FolderReading { try FolderReading(folder.path, side: nil) }

  private func parts(_ reading: FolderReading) -> [String: DataPart] {
    Dictionary(uniqueKeysWithValues: reading.manifest.files.map { ($0.file, $0.split) })
  }

  // MARK: Parts

  @Test func pixelsAloneDecideThePart() throws {
    try fill("thing/", 300)
    let before = try read()
    #expect(before.problems.isEmpty && before.fileCount == 300)
    // Eight, one and one tenth in expectation: within four standard deviations.
    #expect((212...268).contains(before.count(.train)))
    #expect((9...51).contains(before.count(.validation)) && (9...51).contains(before.count(.test)))
    // A picture more, equal ones under other names and in other formats, and other captions move no other.
    try fill("other/", 5, from: 300)
    for number in 0..<20 { try write("copies/\(number).png", number) }
    try folder.write("thing/0.txt", "a caption")
    let after = try read()
    let found = parts(after)
    for (file, part) in parts(before) { #expect(found[file] == part, "of \(file)") }
    for number in 0..<20 { #expect(found["copies/\(number).png"] == found["thing/\(number).png"]) }
    #expect(before.manifest.hash != after.manifest.hash)
  }

  @Test func foldersCanGiveTheParts() throws {
    try fill("train/a/", 30)
    try fill("train/b/", 30, from: 30)
    try fill("test/a/", 4, from: 60)
    let cut = try read()
    #expect(cut.classNames == ["a", "b"] && cut.count(.test) == 4)
    #expect(cut.count(.train) + cut.count(.validation) == 60 && (1...15).contains(cut.count(.validation)))
    try fill("validation/b/", 3, from: 70)
    let whole = try read()
    #expect(DataPart.allCases.map { whole.count($0) } == [60, 3, 4])
    #expect(whole.problems.isEmpty)
    try write("test/b/copy.png", 7)
    try write("stray.png", 99)
    let equal = try read()
    #expect(equal.problems == ["test/b/copy.png and train/a/7.png are equal pictures in different parts"])
    #expect(equal.leftOut.map(\.file) == ["stray.png"])
    #expect(throws: Fault.self) { try equal.check(skipBad: true) }
  }

  @Test func flatAndNestedFoldersAreRead() throws {
    try fill("", 20)
    try fill("a/deep/er/", 20, from: 20)
    try write("b/x.png", 50)
    let reading = try read()
    #expect(reading.fileCount == 41 && reading.classNames == ["a", "b"])
    let labels = Dictionary(uniqueKeysWithValues: reading.manifest.files.map { ($0.file, $0.label) })
    #expect(labels["3.png"] == -1 && labels["a/deep/er/20.png"] == 0 && labels["b/x.png"] == 1)
    #expect(reading.manifest.files.map(\.file) == reading.manifest.files.map(\.file).sorted())
  }

  @Test func aPartWithoutPicturesIsAProblem() throws {
    for number in 0..<12 { try write("a/\(number).png", 1) }
    let reading = try read()
    #expect(reading.problems.count == 1)
    #expect(reading.problems[0].hasPrefix("none of the 12 pictures, of which 1 are different, is in the "))
    expect(["does not fit", "every part needs some"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "folder", path: folder.path))
    }
  }

  // MARK: Bad files

  @Test func everyBadFileIsNamedAtOnce() throws {
    try fill("a/", 40)
    try folder.write("a/bad.png", [1, 2, 3])
    try folder.write("b/cut.png", noise(1).png().prefix(60))
    try folder.write("notes.md", "# notes")
    try folder.write("a/lonely.txt", "a caption of nothing")
    try folder.write("a/0.txt", [0xFF, 0xFE, 0x41])
    try folder.write("a/1.txt", "")
    try folder.write("a/2.txt", "a \u{1B}[31mred thing")
    try write("b/\u{202E}gnp.png", 7)
    try folder.write(".hidden/x.png", [1])
    try folder.write("a/.DS_Store", [1])
    try FileManager.default.createSymbolicLink(atPath: folder.file("gone.png"), withDestinationPath: "/nowhere/x.png")
    try FileManager.default.createSymbolicLink(atPath: folder.file("a/round"), withDestinationPath: folder.path)
    #expect(mkfifo(folder.file("pipe.png"), 0o600) == 0)
    let reading = try read()
    let reasons = Dictionary(uniqueKeysWithValues: reading.leftOut.map { ($0.file, $0.reason) })
    let expected = [
      "a/bad.png": "begins with 01 02 03", "b/cut.png": "cut short", "notes.md": "begins with 23 20",
      "a/lonely.txt": "without a picture", "a/0.txt": "", "a/0.png": "not UTF-8", "a/1.png": "no text",
      "a/2.png": "control character U+001B", "gone.png": "no such file", "a/round": "a link to a folder",
      "pipe.png": "a pipe",
      "b/\u{202E}gnp.png": "control characters",
    ]
    for (file, reason) in expected where !reason.isEmpty {
      #expect(reasons[file]?.contains(reason) == true, "\(file): \(reasons[file] ?? "not left out")")
    }
    #expect(reading.leftOut.count == expected.count - 1)
    #expect(reading.manifest.files.count == 37 && reading.fileCount == 48)
    #expect(reading.classNames == ["a"], "no picture of b could be read")

    var request = DataRequest(name: "folder", size: 8, path: folder.path)
    let words = ["11 of 48 files that cannot be used", "skipBad", "a/bad.png: found", "pipe.png", "notes.md"]
    expect(words) { () throws(Fault) in _ = try Dataset.load(request) }
    request.skipBad = true
    let splits = try Dataset.load(request)
    #expect(splits.train.count + splits.validation.count + splits.test.count == 37)
  }

  // MARK: Captions

  @Test func captionsComeFromTextsAndMetadata() throws {
    try fill("a/", 5)
    try write("owl.png", 20)
    try folder.write("a/0.txt", "\u{FEFF}the first\nla première\n")
    try folder.write(
      "metadata.jsonl",
      "{\"file_name\": \"a/1.png\", \"text\": \"the second — ü\", \"other\": 3}\n\n{\"file_name\": \"a/2.png\"}\r\n")
    try folder.write("a/metadata.jsonl", "{\"file_name\": \"3.png\", \"text\": \"the fourth\"}")
    let captions = try read().manifest.files.map(\.caption)
    #expect(captions == ["the first", "the second — ü", "an a", "the fourth", "an a", ""])

    try folder.write("a/1.txt", "another")
    #expect(
      try read().leftOut.map(\.reason) == [
        "its captions: found one in a/1.txt and another in metadata.jsonl, expected one"
      ])
    try folder.write(
      "metadata.jsonl",
      "{\"file_name\": \"a/9.png\", \"text\": \"x\"}\n{\"text\": \"x\"}\n{\"file_name\"\n{\"file_name\": \"a/1.png\", \"text\": 4}"
    )
    expect(["line 1: found no file a/9.png", "line 2: found no file_name", "line 3:", "line 4: found the number 4"]) {
      () throws(Fault) in _ = try FolderReading(folder.path, side: nil)
    }
  }

  // MARK: Identity

  @Test func theHashSeesPixelsCaptionsClassesAndParts() throws {
    try fill("train/a/", 20)
    try fill("test/a/", 3, from: 40)
    try fill("validation/a/", 3, from: 50)
    let first = try read().manifest
    func hash(after change: () throws -> Void, undo: () throws -> Void) throws -> DataManifest {
      try change()
      let manifest = try read().manifest
      try undo()
      return manifest
    }
    let files = FileManager.default
    func move(_ from: String, _ to: String) throws {
      try files.moveItem(atPath: folder.file(from), toPath: folder.file(to))
    }
    for caption in ["test/a/41.txt", "validation/a/51.txt", "train/a/2.txt"] {
      let other = try hash(
        after: { try folder.write(caption, "x") }, undo: { try files.removeItem(atPath: folder.file(caption)) })
      #expect(first.changes(to: other) == ["\(caption.replacing("txt", with: "png")) has another caption"])
    }
    let pixels = try hash(after: { try write("test/a/41.png", 60) }, undo: { try write("test/a/41.png", 41) })
    #expect(first.changes(to: pixels) == ["test/a/41.png has another pixels"])
    let fewer = try hash(
      after: { try move("test/a/41.png", "../41") }, undo: { try move("../41", "test/a/41.png") })
    #expect(first.changes(to: fewer) == ["test/a/41.png was removed"])
    #expect(fewer.changes(to: first) == ["test/a/41.png was added"])
    let classes = try hash(
      after: { for part in ["train", "test", "validation"] { try move("\(part)/a", "\(part)/b") } },
      undo: { for part in ["train", "test", "validation"] { try move("\(part)/b", "\(part)/a") } })
    #expect(classes.hash != first.hash && first.changes(to: classes).count == 52)
    let renamed = try hash(
      after: { try move("train/a/2.png", "train/a/x.jpg") }, undo: { try move("train/a/x.jpg", "train/a/2.png") })
    #expect(first.changes(to: renamed) == [], "a file's name is not its content")
    #expect(try read().manifest == first)
  }
}
