import Foundation
import LineupFormats
import LineupImagine
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct PictureRoleTests {
  /// What Pillow made of a file, by `roles.py`.
  private struct Expected: Decodable {
    var size: [Int]
    var picture: String
    var mask: String
  }

  /// 24 kinds of files in each role, byte for byte.
  @Test(arguments: PictureRole.allCases) func everyRoleIsThatOfDiffusers(_ role: PictureRole) throws {
    let record = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("roles.json")))
    let files = try JSONDecoder().decode([String: Expected].self, from: record)
    #expect(files.count == 24)
    // Refused, see below: they are of one brightness and have their shape in their opacity.
    let shapeless = ["colour-clear.png", "grey8-clear.png"]
    for (name, expected) in files where role != .mask || !shapeless.contains(name) {
      var notes: [String] = []
      let path = repositoryRoot.appending(path: "Tests/Formats/Fixtures/pictures/\(name)").path
      let picture = try role.read(path, &notes)
      #expect([picture.width, picture.height] == expected.size, "\(name)")
      let bytes = role == .mask ? picture.maskTensor.values.map { UInt8($0) } : picture.pixels
      #expect(
        SHA256.hexadecimalDigest(of: bytes) == (role == .mask ? expected.mask : expected.picture), "\(name) as \(role)")
      let isTransparent = try DecodedPicture(file: path).opacity?.contains { $0 < 255 } ?? false
      #expect(notes.isEmpty != isTransparent, "\(name): \(notes)")
    }
  }

  /// A white square on a layer where nothing else can be seen, and a white sheet with a hole.
  @Test func aMaskIsMadeOfColours() throws {
    try withTemporaryFolder { folder in
      var (layer, hole): ([UInt8], [UInt8]) = ([], [])
      for place in 0..<64 {
        let isInside = place % 8 < 4 && place / 8 < 4
        layer += isInside ? [255, 255, 255, 255] : [0, 0, 0, 0]
        hole += [255, 255, 255, isInside ? 0 : 255]
      }
      try write(layer, to: "\(folder)/layer.png")
      try write(hole, to: "\(folder)/hole.png")
      var notes: [String] = []
      let mask = try PictureRole.mask.read("\(folder)/layer.png", &notes).maskTensor.values
      #expect(mask.reduce(0, +) == 16 && notes.count == 1)
      let fault = #expect(throws: Fault.self) { try PictureRole.mask.read("\(folder)/hole.png", &notes) }
      #expect("\(fault!)".contains("white all over and has its shape in transparency"), "\(fault!)")
      // As a picture it has colours enough.
      #expect(try PictureRole.picture.read("\(folder)/hole.png", &notes).pixels.allSatisfy { $0 == 255 })
    }
  }

  /// A PNG file of 8×8 pixels with opacity, which nothing here writes, as one stored block.
  private func write(_ pixels: [UInt8], to path: String) throws {
    let rows = stride(from: 0, to: pixels.count, by: 32).flatMap { [0] + pixels[$0..<$0 + 32] }
    let size = UInt16(rows.count)
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in rows { (low, high) = ((low + UInt32(byte)) % 65521, (high + (low + UInt32(byte)) % 65521) % 65521) }
    let stored: [UInt8] = [
      0x78, 0x01, 0x01, UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8),
    ]
    let chunks = [
      Self.chunk("IHDR", [0, 0, 0, 8, 0, 0, 0, 8, 8, 6, 0, 0, 0]),
      Self.chunk("IDAT", stored + rows + Self.bigEndian(high << 16 | low)), Self.chunk("IEND", []),
    ]
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    try Data(signature + chunks.flatMap { $0 }).write(to: URL(fileURLWithPath: path))
  }

  private static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(kind.utf8) + body
    var checksum: UInt32 = .max
    for byte in named {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    return bigEndian(UInt32(body.count)) + named + bigEndian(~checksum)
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
