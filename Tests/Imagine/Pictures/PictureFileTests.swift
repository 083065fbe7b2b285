import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct PictureFileTests {
  /// All ways in which colours are stored, and grey, give Pillow's pixels.
  @Test func jpegHasThePixelsOfPillow() throws {
    let record = try PictureFixtures.record()
    #expect(record.jpeg.count == 6)
    for (name, digests) in record.jpeg {
      let picture = try Picture(file: PictureFixtures.path(name))
      #expect(SHA256.hexadecimalDigest(of: picture.pixels) == digests.pixels, "of \(name)")
      #expect(SHA256.hexadecimalDigest(of: picture.luma) == digests.luma, "of \(name)")
      #expect(picture.isGrey == (name == "grey.jpg"))
      #expect(picture.grey.luma == picture.luma && picture.grey.isGrey)
    }
  }

  @Test func damagedJPEGFilesAreErrors() throws {
    for name in ["420.jpg", "progressive.jpg", "grey.jpg"] {
      let file = try WholeFile.read(PictureFixtures.path(name))
      for count in [0, 2, 3, 20, 200, file.count / 2, file.count - 40] {
        #expect(throws: Fault.self, "\(count) bytes of \(name)") {
          try DecodedPicture(Array(file.prefix(count)), path: "memory")
        }
      }
    }
  }

  /// The name of a file does not matter, and what no reader is for is named.
  @Test func formatIsThatOfTheFirstBytes() throws {
    let file = TemporaryFile("a.jpg")
    defer { withExtendedLifetime(file) {} }
    let path = file.path
    let picture = PictureFixtures.noise(width: 5, height: 4)
    try picture.writePNG(to: path)
    #expect(try Picture(file: path) == picture)

    let others: [(bytes: [UInt8], found: String)] = [
      (Array("\0\0\0\u{20}ftypavif".utf8), "a file in the format AVIF"),
      (Array("BM1234".utf8), "a file in the format BMP"),
      (Array("RIFF".utf8), "a file that begins with 52 49 46 46"), ([], "an empty file"),
    ]
    for (bytes, found) in others {
      try DurableFile.write(bytes, to: path)
      #expect(throws: Fault.malformed(path, found: found, expected: "a PNG, JPEG, WebP or GIF file")) {
        try Picture(file: path)
      }
    }
    #expect(throws: Fault(.missing, file: "/nowhere/a.png")) {
      try Picture(file: "/nowhere/a.png")
    }
  }
}
