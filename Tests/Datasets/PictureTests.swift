import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct PictureTests {
  private func noise(width: Int, height: Int, channels: Int = 3) -> Picture {
    var state: UInt32 = 7
    let values = (0..<width * height * channels).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return Picture(values, height: height, width: width, channels: channels)
  }

  @Test(arguments: [(1, 1), (28, 28), (33, 7), (300, 211)])
  func pixelsSurvivePNG(width: Int, height: Int) throws {
    for channels in [1, 3] {
      let picture = noise(width: width, height: height, channels: channels)
      #expect(try Picture(png: picture.png(), path: "memory") == picture)
      #expect(picture.png() == picture.png())
    }
  }

  @Test func greyPicturesMakeGreyFiles() {
    // Byte 25 of a PNG file is the colour type: 0 grey, 2 colours.
    #expect(noise(width: 9, height: 9, channels: 1).png()[25] == 0)
    #expect(noise(width: 9, height: 9).png()[25] == 2)
  }

  @Test func notesStandInTheFileAndDoNotHarmIt() throws {
    let picture = noise(width: 8, height: 5)
    let file = picture.png(notes: [("Software", "lineup grid"), ("Comment", "β = 4")])
    #expect(try Picture(png: file, path: "memory") == picture)
    let text = String(decoding: file, as: UTF8.self)
    #expect(text.contains("tEXtSoftware\0lineup grid"))
    #expect(text.contains("iTXtComment\0\0\0\0\0β = 4"))
  }

  @Test func damagedPNGFilesAreErrors() throws {
    let file = noise(width: 30, height: 30).png()
    for bytes in [[], [1, 2, 3], Array(file.prefix(20)), Array(file.prefix(200)), Array(file.dropFirst())] {
      #expect(throws: Fault.self) { try Picture(png: bytes, path: "memory") }
    }
    #expect(throws: Fault(.missing, file: "/nowhere/a.png")) {
      try Picture(pngFile: "/nowhere/a.png")
    }
  }

  @Test func writingReplacesWholeFilesAndReportsFailure() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.png"
    try noise(width: 4, height: 4).writePNG(to: path)
    try noise(width: 6, height: 4).writePNG(to: path)
    #expect(try Picture(pngFile: path) == noise(width: 6, height: 4))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
    #expect(throws: Fault.unwritable(folder.path + "/no/b.png", "No such file or directory")) {
      try noise(width: 4, height: 4).writePNG(to: folder.path + "/no/b.png")
    }
  }

  @Test func enlargingRepeatsPixels() {
    let picture = Picture([10, 20, 30, 40], height: 2, width: 2, channels: 1)
    let larger = picture.enlarged(by: 3)
    #expect(larger.width == 6 && larger.height == 6)
    for y in 0..<6 { for x in 0..<6 { #expect(larger[x, y] == picture[x / 3, y / 3]) } }
  }

  @Test func placingAndFillingStayInside() {
    var picture = Picture(width: 3, height: 2)
    picture.place(Picture(width: 2, height: 2, colour: .black), x: -1, y: 1)
    picture.fill(x: 2, y: -4, width: 9, height: 5, Colour(grey: 7))
    picture.place(Picture(width: 2, height: 2, colour: .black), x: 9, y: 9)
    picture.place(Picture(width: 2, height: 2, colour: .black), x: -9, y: -9)
    picture.fill(x: -9, y: -9, width: 2, height: 2, .black)
    let greys = (0..<2).map { y in (0..<3).map { x in picture[x, y].red } }
    #expect(greys == [[255, 255, 7], [0, 255, 255]])
  }

  @Test func resamplingAveragesAreas() {
    let picture = Picture([0, 100, 200, 100, 50, 150], height: 2, width: 3, channels: 1)
    #expect(picture.resampled(width: 1, height: 1)[0, 0].red == 100)
    let half = Picture([0, 90, 180], height: 1, width: 3, channels: 1).resampled(width: 2, height: 1)
    #expect(half[0, 0].red == 30 && half[1, 0].red == 150)
    #expect(picture.resampled(width: 9, height: 6) == picture.enlarged(by: 3))
    #expect(picture.squared(side: 2).width == 2)
  }
}
