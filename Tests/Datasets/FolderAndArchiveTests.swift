import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct FolderAndArchiveTests {
  private func fill(_ folder: TemporaryFolder) throws {
    for (index, name) in ["apple", "pear"].enumerated() {
      for number in 0..<10 {
        let picture = Picture(
          width: 40 + number, height: 50, colour: Colour(red: UInt8(100 * index + number), green: 50, blue: 5))
        try folder.write("\(name)/\(number).png", picture.png())
      }
    }
    try folder.write("pear/3.txt", Array("a ripe pear\nune poire\n".utf8))
  }

  @Test func aFolderOfClassesIsADataSet() throws {
    let folder = try TemporaryFolder()
    try fill(folder)
    let splits = try Dataset.load(DataRequest(name: "folder", size: 16, path: folder.path))
    #expect(splits.train.count == 16 && splits.validation.count == 2 && splits.test.count == 2)
    #expect(splits.train.classNames == ["apple", "pear"])
    #expect(splits.train.height == 16 && splits.train.channels == 3)
    let captions = splits.train.captions + splits.validation.captions + splits.test.captions
    #expect(Set(captions) == ["an apple", "a pear", "a ripe pear"])
    for index in 0..<splits.train.count {
      #expect((splits.train.image(index).first ?? 0 >= 100) == (splits.train.labels[index] == 1))
    }
    let grey = try Dataset.load(DataRequest(name: "folder", size: 16, channels: 1, path: folder.path))
    #expect(grey.test.channels == 1)
  }

  @Test func foldersWithoutPicturesAreErrors() throws {
    let folder = try TemporaryFolder()
    expect([folder.path, "no PNG files"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "folder", path: folder.path))
    }
    try fill(folder)
    try folder.write("pear/x.png", [1, 2, 3])
    expect(["pear/x.png", "PNG"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "folder", path: folder.path))
    }
  }

  @Test func archivesHaveTheirHeadersWhereNumPyLooks() throws {
    let folder = try TemporaryFolder()
    let set = DrawnShapes(seed: 1).images(part: "train", count: 20)
    let path = folder.path + "/samples.npz"
    try NPZArchive(set).write(to: path)
    let first = try WholeFile.read(path)
    try NPZArchive(set).write(to: path)
    #expect(try WholeFile.read(path) == first)
    #expect(first.prefix(4) == [0x50, 0x4B, 3, 4])
    #expect(String(decoding: first[30..<39], as: UTF8.self) == "arr_0.npy")
    // The end record: two entries, and the directory ends where the record begins.
    let end = Array(first.suffix(22))
    #expect(end.prefix(4) == [0x50, 0x4B, 5, 6] && end[10] == 2)
    let directory = (0..<4).reduce(0) { $0 + Int(end[12 + $1]) << (8 * $1) }
    let start = (0..<4).reduce(0) { $0 + Int(end[16 + $1]) << (8 * $1) }
    #expect(start + directory + 22 == first.count)
    #expect(first.count < set.pixels.count, "drawn shapes compress")
  }
}
