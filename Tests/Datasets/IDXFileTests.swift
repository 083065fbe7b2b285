import CLineupZlib
import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct IDXFileTests {
  private func header(_ magic: [UInt8], _ sizes: [UInt32]) -> [UInt8] {
    magic + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
  }

  private let imageMagic: [UInt8] = [0, 0, 8, 3]

  @Test func readsShapeAndValues() throws {
    let file = try IDXFile(
      bytes: header(imageMagic, [2, 1, 3]) + [1, 2, 3, 4, 5, 6], path: "images", rank: 3)
    #expect(file.shape == [2, 1, 3])
    #expect(file.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func wrongMagicNamesBothNumbers() {
    expect(["0x00000801", "0x00000803", "magic"]) { () throws(Fault) in
      _ = try IDXFile(bytes: header([0, 0, 8, 1], [2, 1, 3]) + [1, 2], path: "images", rank: 3)
    }
  }

  @Test func truncatedValuesNameBothCounts() {
    expect(["5 bytes", "6 bytes", "2×1×3", "cut short"]) { () throws(Fault) in
      _ = try IDXFile(bytes: header(imageMagic, [2, 1, 3]) + [1, 2, 3, 4, 5], path: "images", rank: 3)
    }
  }

  @Test func surplusValuesAreAnErrorToo() {
    expect(["7 bytes", "6 bytes"]) { () throws(Fault) in
      _ = try IDXFile(bytes: header(imageMagic, [2, 1, 3]) + [1, 2, 3, 4, 5, 6, 7], path: "images", rank: 3)
    }
  }

  @Test func shortHeadersAndHugeSizesDoNotCrash() {
    expect(["header"]) { () throws(Fault) in
      _ = try IDXFile(bytes: Array(imageMagic), path: "images", rank: 3)
    }
    expect(["size of axis 1"]) { () throws(Fault) in
      _ = try IDXFile(
        bytes: header(imageMagic, [.max, .max, .max]) + [1], path: "images", rank: 3)
    }
  }

  @Test func missingFilesSayWhatToDo() {
    expect(["apt-get install dataset-fashion-mnist"]) { () throws(Fault) in
      _ = try IDXFile(
        path: "/nowhere/images.gz", rank: 3, missingAdvice: "apt-get install dataset-fashion-mnist")
    }
    expect(["/nowhere", "there is no such file"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "fashion-mnist", path: "/nowhere"))
    }
  }

  @Test func foldersWithOtherCountsAndLabelsAreRefused() throws {
    let folder = try TemporaryFolder()
    let images = header(imageMagic, [24, 2, 2]) + [UInt8](repeating: 9, count: 96)
    let labels = { (values: [UInt8]) in header([0, 0, 8, 1], [UInt32(values.count)]) + values }
    try folder.write("train-images-idx3-ubyte", images)
    try folder.write("t10k-images-idx3-ubyte", images)
    try folder.write("t10k-labels-idx1-ubyte", labels((0..<24).map { UInt8($0 % 3) }))

    try folder.write("train-labels-idx1-ubyte", labels([0, 1, 2]))
    expect(["train-labels", "found 3", "expected 24"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "idx", path: folder.path))
    }
    try folder.write("train-labels-idx1-ubyte", labels([UInt8](repeating: 11, count: 24)))
    expect(["train-labels", "found 11", "0 to 9"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "fashion-mnist", path: folder.path))
    }
    try folder.write("train-labels-idx1-ubyte", labels((0..<24).map { UInt8($0 % 3) }))
    let splits = try Dataset.load(DataRequest(name: "idx", size: 8, channels: 3, path: folder.path))
    #expect(splits.train.count == 22 && splits.validation.count == 2 && splits.test.count == 24)
    #expect(splits.test.classNames == ["class 0", "class 1", "class 2"])
    #expect(splits.train.height == 8 && splits.train.channels == 3)
  }

  @Test func damagedCompressionIsReported() throws {
    let folder = try TemporaryFolder()
    // A gzip header, then nothing of what it announces.
    let path = try folder.write("images.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
    expect(["images.gz", "cut short"]) { () throws(Fault) in _ = try IDXFile(path: path, rank: 3) }
    let damaged = try folder.write("damaged.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255, 255, 255])
    expect(["damaged.gz", "gzip"]) { () throws(Fault) in _ = try IDXFile(path: damaged, rank: 3) }
  }
}

extension IDXFileTests {
  /// 200 MB of zeros in 200 KB: the header announces what no pictures are packed to, or less than follows.
  @Test func aSmallFileCannotUnpackWithoutEnd() throws {
    let folder = try TemporaryFolder()
    func gzip(_ size: UInt32, megabytes: Int) throws -> String {
      let path = folder.file("images.gz")
      let file = try #require(gzopen(path, "wb"))
      let head = header(imageMagic, [size, 1000, 1000])
      #expect(gzwrite(file, head, UInt32(head.count)) == head.count)
      let zeros = [UInt8](repeating: 0, count: 1_000_000)
      for _ in 0..<megabytes { #expect(gzwrite(file, zeros, 1_000_000) == 1_000_000) }
      #expect(gzclose(file) == Z_OK)
      return path
    }
    let honest = try gzip(200, megabytes: 200)
    expect(["images.gz", "sizes, byte 4", "found 200000000 bytes", "at most 100000000"]) { () throws(Fault) in
      _ = try IDXFile(path: honest, rank: 3)
    }
    let more = try gzip(2, megabytes: 200)
    expect(["images.gz", "found 2000001 bytes or more", "expected 2000000 bytes"]) { () throws(Fault) in
      _ = try IDXFile(path: more, rank: 3)
    }
    expect(["images.gz", "found more bytes in a file of"]) { () throws(Fault) in
      _ = try CompressedFile.read(more, missingAdvice: "")
    }
    let less = try gzip(3, megabytes: 2)
    expect(["found 2000000 bytes", "cut short"]) { () throws(Fault) in _ = try IDXFile(path: less, rank: 3) }
    let right = try gzip(2, megabytes: 2)
    #expect(try IDXFile(path: right, rank: 3).values.count == 2_000_000)
  }
}

/// Expects an error of data whose text holds every one of `parts`.
func expect(
  _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws(Fault) -> Void
) {
  do {
    try body()
    Issue.record("an error was expected", sourceLocation: sourceLocation)
  } catch {
    for part in parts {
      #expect(error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
    }
  }
}
