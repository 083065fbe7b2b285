import Foundation
import LineupRunRecords
import LineupSupport
import LineupTestSupport
import Testing

/// Files that would have HDF5 read other files, load code or take more memory than they can account for.
@Suite struct HostileFileTests {
  private static func hostile(_ name: String) throws -> String {
    try #require(Bundle.module.path(forResource: name, ofType: "h5", inDirectory: "Hostile"))
  }

  @Test(arguments: [
    ("external-link", "/run/values", "a link out of the file"),
    ("external-storage", "/values", "values stored in another file"), ("virtual", "/values", "a virtual dataset"),
    ("filter", "/values", "the filter 32015"), ("scale-offset", "/values", "the filter 6"),
    ("text-of-any-length", "/values", "values of a type that runs do not have"),
    ("reference", "/", "values of a type that runs do not have"),
    ("chunk", "/values", "a piece that does not fit into the file"),
  ])
  func theyAreRefusedByName(_ name: String, _ object: String, _ found: String) throws {
    let path = try Self.hostile(name)
    let fault = try #require(throws: Fault.self) { try RunReader(path: path) }
    #expect(fault.kind == .malformed && fault.file == path && fault.place == object && fault.found == found, "\(fault)")
  }

  /// A hundred megabytes and more of zeros, which lie in a file of a few hundred kilobytes.
  @Test func packedZerosAreNotUnpackedWithoutEnd() throws {
    let folder = try TemporaryFolder()
    var layout = PretendedRun.layout
    layout.sample = .images(height: 1000, width: 1000, channels: 1)
    layout.grid = nil
    layout.hasAverageSamples = false
    let recorder = try RunRecorder.create(path: folder.file("run.h5"), layout: layout, provenance: Provenance())
    for index in 0..<11 {
      recorder.appendFinalSamples(
        .bytes([UInt8](repeating: 0, count: 10_000_000)), labels: [Int32](repeating: -1, count: 10),
        seeds: [UInt64](repeating: UInt64(index), count: 10))
    }
    try recorder.finish(status: .completed)
    let run = try RunReader(path: folder.file("run.h5"))
    let fault = try #require(throws: Fault.self) { try run.finalSamples() }
    #expect(fault.place == "/samples/final" && fault.cause?.contains("does not fit into the file") == true, "\(fault)")
  }

  @Test(.timeLimit(.minutes(1))) func pipesAreRefused() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("run.h5"), 0o600) == 0)
    let fault = try #require(throws: Fault.self) { try RunReader(path: folder.file("run.h5")) }
    #expect(fault.found == "a pipe or a device")
  }

  /// Texts that are shown must not steer.
  @Test func controlCharactersAreRefused() throws {
    let folder = try TemporaryFolder()
    var layout = PretendedRun.layout
    layout.arm = "plain\u{1B}[31m"
    let recorder = try RunRecorder.create(path: folder.file("run.h5"), layout: layout, provenance: Provenance())
    try recorder.finish(status: .completed)
    let fault = try #require(throws: Fault.self) { try RunReader(path: folder.file("run.h5")) }
    #expect(fault.place == "/@arm" && fault.found?.contains("U+001B") == true)
  }
}
