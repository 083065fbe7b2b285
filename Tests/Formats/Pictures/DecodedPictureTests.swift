import Foundation
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct DecodedPictureTests {
  /// What Pillow read in a file, by `make_pictures.py`.
  private struct Expected: Decodable {
    var size: [Int]
    var hasOpacity: Bool
    var colours: String
    var onWhite: String
    var grey: String
  }

  private static let folder = Bundle.module.resourceURL!.appending(path: "Fixtures/pictures").path

  private func digest(_ bytes: [UInt8]) -> String { SHA256.hexadecimalDigest(of: bytes) }

  @Test func everyKindOfFileHasThePixelsOfPillow() throws {
    let record = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/pictures.json"))
    let files = try JSONDecoder().decode([String: Expected].self, from: record)
    #expect(files.count == 65)
    for (name, expected) in files {
      let picture = try DecodedPicture(file: "\(Self.folder)/\(name)")
      #expect([picture.colours.width, picture.colours.height] == expected.size, "of \(name)")
      #expect([name, digest(picture.colours.pixels)] == [name, expected.colours])
      #expect([name, digest(picture.picture().pixels)] == [name, expected.onWhite])
      #expect(digest(picture.picture().luma) == expected.grey, "of \(name)")
      #expect((picture.opacity != nil) == expected.hasOpacity, "of \(name)")
    }
  }

  @Test func sixteenBitsAreTakenByTheirUpperByte() throws {
    let picture = try DecodedPicture(file: "\(Self.folder)/grey16-257.png").colours
    #expect(picture.isGrey)
    // Half of black on white, and on another paper.
    let half = DecodedPicture(colours: Picture(width: 1, height: 1, colour: .black), opacity: [128])
    #expect(half.picture().pixels == [127, 127, 127])
    #expect(half.picture(on: Colour(red: 255, green: 0, blue: 2)).pixels == [127, 0, 1])
  }

  /// Whatever is cut off or flipped, reading gives a picture or a fault that names the file.
  @Test func damagedFilesAreFaults() throws {
    for name in ["colour.png", "palette4-interlaced.png", "inks.jpg", "lossy-opacity.webp", "film.webp", "moved.gif"] {
      let file = try WholeFile.read("\(Self.folder)/\(name)")
      for count in [0, 1, 5, 12, 30, file.count / 2, file.count - 30] {
        expectFault(Array(file.prefix(count)), "\(count) bytes of \(name)")
      }
      for place in stride(from: 0, to: file.count, by: 3) {
        var flipped = file
        flipped[place] ^= 0x55
        do { _ = try DecodedPicture(flipped, path: name) } catch { #expect(error.file == name) }
      }
    }
  }

  private func expectFault(_ bytes: [UInt8], _ comment: Comment) {
    #expect(throws: Fault.self, comment) { try DecodedPicture(bytes, path: "memory") }
  }

  private static func tooLarge(_ size: String) -> Fault {
    .malformed("a", found: "\(size) pixels", expected: "1 to 25000000 pixels in a file of this size")
  }

  /// Files that announce more pixels than could be meant are refused before memory is reserved for them.
  @Test func absurdSizesAreRefused() throws {
    let before = ProcessUsage.peakResidentBytes
    var png = try WholeFile.read("\(Self.folder)/colour.png")
    png.replaceSubrange(16..<24, with: [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50])
    png.replaceSubrange(29..<33, with: [0xC4, 0xCD, 0xAA, 0x9D])
    #expect(throws: Self.tooLarge("50000×50000")) { try DecodedPicture(png, path: "a") }
    var gif = try WholeFile.read("\(Self.folder)/palette.gif")
    gif.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: Self.tooLarge("65535×65535")) { try DecodedPicture(gif, path: "a") }
    var webP = try WholeFile.read("\(Self.folder)/film.webp")
    webP.replaceSubrange(24..<30, with: [0xFF, 0xFF, 0, 0xFE, 0xFF, 0])
    #expect(throws: Self.tooLarge("65536×65535")) { try DecodedPicture(webP, path: "a") }
    #expect(ProcessUsage.peakResidentBytes - before < 300_000_000)
  }
}
