import CLineupZlib
import Foundation
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

/// Small files that stand for something huge are refused before memory or time is taken for it.
@Suite struct BoundedReaderTests {
  private let folder = try! TemporaryFolder()

  private func safetensors(_ header: String) throws -> String {
    try folder.write(
      "x.safetensors", withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8))
  }

  /// Every tensor is empty, so that the file is a header and nothing else.
  @Test(.timeLimit(.minutes(1))) func aHeaderHasABoundedNumberOfTensors() throws {
    func header(_ count: Int) -> String {
      let entries = (0..<count).map { "\"t\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
      return "{" + entries.joined(separator: ",") + "}"
    }
    #expect(try SafetensorsFile(path: safetensors(header(2000))).entries.count == 2000)
    let path = try safetensors(header(200_000))
    let fault = try #require(throws: Fault.self) { try SafetensorsFile(path: path) }
    #expect(
      fault.file == path && fault.place == "the header" && fault.found?.hasPrefix("more than") == true, "\(fault)")
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNoCheckpoint() throws {
    #expect(mkfifo(folder.file("model.safetensors"), 0o600) == 0)
    let fault = try #require(throws: Fault.self) { try SafetensorsFile(path: folder.file("model.safetensors")) }
    #expect(fault.found == "a pipe or a device")
    #expect(throws: Fault.self) { try WholeFile.beginning(folder.file("model.safetensors"), count: 9) }
  }

  /// Texts of zeros, each allowed by itself and together too much.
  @Test func packedNotesAreBoundedTogether() throws {
    func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
      let content = Array(kind.utf8) + body
      let sum = UInt32(truncatingIfNeeded: crc32(0, content, UInt32(content.count)))
      return withUnsafeBytes(of: UInt32(body.count).bigEndian) { Array($0) } + content
        + withUnsafeBytes(of: sum.bigEndian) { Array($0) }
    }
    let text = [UInt8](repeating: 48, count: 3 << 20)
    var size = compressBound(uLong(text.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    #expect(compress(&packed, &size, text, uLong(text.count)) == Z_OK)
    let note = chunk("zTXt", Array("a\0\0".utf8) + packed.prefix(Int(size)))
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    func notes(_ count: Int) throws -> Int {
      let file = signature + (0..<count).flatMap { _ in note } + chunk("IEND", [])
      return try Picture.notes(inPNG: file, path: "x.png").count
    }
    #expect(try notes(2) == 2)
    let fault = try #require(throws: Fault.self) { try notes(6) }
    #expect(fault.found?.contains("in the chunk zTXt") == true && fault.found?.contains("too long") == true)
  }
}
