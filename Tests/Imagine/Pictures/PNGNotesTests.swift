import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import Testing

@Suite struct PNGNotesTests {
  /// Plain and packed texts in both alphabets, as Pillow writes them.
  @Test func readsEveryKindOfChunk() throws {
    let expected = try PictureFixtures.record().notes
    let notes = try Picture.notes(inFile: PictureFixtures.path("notes.png"))
    #expect(notes.map(\.keyword) == ["parameters", "latin", "packed", "greek", "packed greek"])
    for note in notes { #expect(note.text == expected[note.keyword], "of \(note.keyword)") }
  }

  @Test func readsWhatIsWritten() throws {
    let written = [("parameters", "a cat\nSteps: 1"), ("lineup", "{\"prompt\":\"β 🐱\"}"), ("empty", "")]
    let file = PictureFixtures.noise(width: 3, height: 3).png(notes: written)
    let read = try Picture.notes(inPNG: file, path: "memory")
    #expect(read.map(\.keyword) == written.map(\.0) && read.map(\.text) == written.map(\.1))
    #expect(try Picture.notes(inPNG: PictureFixtures.noise(width: 3, height: 3).png(), path: "memory").isEmpty)
  }

  /// No file that is cut short anywhere, nor one with any byte changed, is read as if it were whole.
  @Test func damageIsAnError() throws {
    let file = try WholeFile.read(PictureFixtures.path("notes.png"))
    for count in 0..<file.count {
      #expect(throws: Fault.self, "\(count) bytes") {
        try Picture.notes(inPNG: Array(file.prefix(count)), path: "memory")
      }
    }
    for place in file.indices {
      var damaged = file
      damaged[place] ^= 0x20
      #expect(throws: Fault.self, "byte \(place)") { try Picture.notes(inPNG: damaged, path: "memory") }
    }
  }

  /// Chunks with a good checksum whose content is wrong.
  @Test(arguments: [
    ("tEXt", "no zero"), ("zTXt", "a\0\u{1}x"), ("zTXt", "a\0\0not packed"), ("iTXt", "a\0"),
    ("iTXt", "a\0\u{2}\0\0\0b"),
    ("iTXt", "a\0\0\0no zero"), ("iTXt", "a\0\u{1}\0\0\0not packed"),
  ])
  func malformedNotesAreErrors(kind: String, body: String) {
    let file = Self.file(kind, Array(body.utf8))
    #expect(throws: Fault.self) { try Picture.notes(inPNG: file, path: "memory") }
  }

  @Test func textsMustBeUTF8() throws {
    let start: [UInt8] = [0x61, 0, 0, 0, 0, 0]
    #expect(try Picture.notes(inPNG: Self.file("iTXt", start + [0x62]), path: "memory").map(\.text) == ["b"])
    #expect(throws: Fault.self) { try Picture.notes(inPNG: Self.file("iTXt", start + [0xFF]), path: "memory") }
  }

  /// A PNG file with nothing but one chunk and its end.
  private static func file(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return signature + chunk(kind, body) + chunk("IEND", [])
  }

  private static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    let content = [UInt8](kind.utf8) + body
    return bigEndian(UInt32(body.count)) + content + bigEndian(checksum(content))
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) } }

  /// The cyclic redundancy check of the PNG specification, annex D, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }
    return ~sum
  }
}
