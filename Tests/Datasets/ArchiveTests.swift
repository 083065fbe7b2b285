import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct ArchiveTests {
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
