import Foundation
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct JPEGWritingTests {
  @Test func aPictureOfOneEndingIsWrittenInItsFormat() throws {
    try withTemporaryFolder { folder in
      let picture = Picture(width: 20, height: 12, colour: Colour(red: 200, green: 90, blue: 30))
      let notes: [PictureNote] = [("parameters", "a cat\nβ"), ("long", String(repeating: "0123456789", count: 20_000))]
      for name in ["a.jpg", "b.JPEG", "c.png"] {
        let path = "\(folder)/\(name)"
        try PictureFormat(writing: path).write(picture, notes: notes, to: path)
        let start = try WholeFile.read(path).prefix(2)
        #expect(Array(start) == (name == "c.png" ? [0x89, 0x50] : [0xFF, 0xD8]))
        let again = try Picture.notes(inFile: path)
        #expect(again.map(\.keyword) == notes.map(\.keyword) && again.map(\.text) == notes.map(\.text))
        let read = try DecodedPicture(file: path).colours
        #expect(zip(read.pixels, picture.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 2 } && read.width == 20)
      }
      let grey = Picture(width: 9, height: 9, colour: Colour(grey: 77))
      try PictureFormat(writing: "g.jpg").write(grey, to: "\(folder)/g.jpg")
      #expect(try DecodedPicture(file: "\(folder)/g.jpg").colours.isGrey)
    }
  }

  @Test(arguments: ["a.gif", "a.webp", "a", "a.png.txt", ".png/a", "a."]) func otherEndingsAreRefused(name: String) {
    let fault = #expect(throws: Fault.self) { try PictureFormat(writing: "folder/\(name)") }
    #expect("\(fault!)".contains("expected that of PNG (.png"), "\(fault!)")
  }

  @Test func damagedCommentsAreFaults() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.jpg"
      try Data([0xFF, 0xD8, 0xFF, 0xFE, 0xFF, 0xFF, 0x41]).write(to: URL(fileURLWithPath: path))
      #expect(throws: Fault.self) { try Picture.notes(inFile: path) }
    }
  }
}
