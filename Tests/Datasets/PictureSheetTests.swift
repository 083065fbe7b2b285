import LineupDatasets
import LineupFormats
import Testing

@Suite struct PictureSheetTests {
  private let cell = Picture(width: 28, height: 28, colour: .black)

  /// The bounding box of what is not white must keep a margin on every side.
  private func margins(_ picture: Picture) -> Int {
    var least = Int.max
    for y in 0..<picture.height {
      for x in 0..<picture.width where picture[x, y] != .white {
        least = min(least, x, y, picture.width - 1 - x, picture.height - 1 - y)
      }
    }
    return least
  }

  @Test func longTextsAreNotCut() {
    let long = "a-very-long-arm-name-that-somebody_typed without thinking of the table it must stand in"
    let grid = ComparisonGrid(
      title: long + long, subtitle: long, heads: [long, "b"],
      rows: [.init(long, detail: long, pictures: [cell, cell]), .init("x", pictures: [], note: long)],
      footnote: long + long)
    #expect(margins(grid.picture()) >= 20)
    let unbreakable = String(repeating: "W", count: 90)
    #expect(margins(ComparisonGrid(title: unbreakable, rows: [.init("", pictures: [cell])]).picture()) >= 20)
    #expect(margins(ComparisonGrid(rows: [.init("", pictures: [], note: unbreakable)]).picture()) >= 20)
  }

  @Test func cellsStandWhereTheirColumnIs() {
    let grey = Picture(width: 28, height: 28, colour: Colour(grey: 128))
    let grid = ComparisonGrid(
      rows: [.init("", pictures: [cell, grey]), .init("", pictures: [grey])], scale: 1
    ).picture()
    // Margins of 28, cells of 28, gaps of 4.
    #expect(grid.width == 28 + 28 + 4 + 28 + 28 && grid.height == grid.width)
    #expect(grid[28, 28] == .black && grid[55, 55] == .black && grid[56, 28] == .white)
    #expect(grid[60, 28] == Colour(grey: 128) && grid[28, 60] == Colour(grey: 128) && grid[60, 60] == .white)
  }

  @Test func sheetsFillRowByRow() {
    let sheet = SampleSheet([Picture](repeating: cell, count: 64), scale: 1).picture()
    #expect(sheet.width == sheet.height && sheet.width == 2 * 28 + 8 * 32 - 4)
    #expect(SampleSheet([Picture](repeating: cell, count: 10)).columns == 5)
    #expect(SampleSheet([Picture](repeating: cell, count: 7)).columns == 3)
    #expect(margins(SampleSheet([], title: "none").picture()) >= 20)
  }

  @Test func withoutAFontThereAreNoLabelsAndNoCrash() {
    let lettering = Lettering(folders: ["/nowhere"])
    #expect(!lettering.isAvailable)
    #expect(lettering.width(of: "text", style: .init(size: 16)) == 0)
    #expect(lettering.lines(of: "text", style: .init(size: 16), width: 10).isEmpty)
    var picture = Picture(width: 20, height: 20)
    lettering.draw("text", on: &picture, x: 0, y: 0, style: .init(size: 16))
    #expect(picture == Picture(width: 20, height: 20))
  }

  @Test(.enabled(if: Lettering().isAvailable, "fonts-dejavu-core is not installed"))
  func linesBreakBetweenWordsAndFit() {
    let lettering = Lettering()
    let style = Lettering.Style(size: 16)
    let lines = lettering.lines(of: "one two three four five six", style: style, width: 80)
    #expect(lines.joined(separator: " ") == "one two three four five six")
    #expect(lines.count > 1 && lines.allSatisfy { lettering.width(of: $0, style: style) <= 80 })
    #expect(lettering.lines(of: "pixel-diffusion", style: style, width: 80) == ["pixel-", "diffusion"])
    #expect(lettering.lines(of: "a\n\nb", style: style, width: 80) == ["a", "", "b"])
    #expect(lettering.width(of: "β ε → 4 ½", style: style) > 40)
  }

  @Test func filmsAreGIFsThatRepeat() throws {
    let frames = (0..<5).map { Picture(width: 20, height: 10, colour: Colour(red: UInt8(40 * $0), green: 9, blue: 9)) }
    let bytes = try #require(GIFAnimation(frames: frames).encoded())
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    #expect(text.hasPrefix("GIF89a") && text.contains("NETSCAPE2.0") && bytes.last == 0x3B)
    #expect(bytes[6...9] == [20, 0, 10, 0])
    // One graphics control block a frame: introducer, label, four bytes, disposal 1.
    let blocks = bytes.indices.dropLast(3).count { Array(bytes[$0...$0 + 3]) == [0x21, 0xF9, 4, 4] }
    #expect(blocks == 5)
  }

  @Test func filmStripsHaveFramesOfOneSize() {
    let strip = FilmStrip(
      stages: ["t = 1000", "t = 500 and a far longer name than any other", "t = 0"], samples: [[cell, cell, cell]],
      title: "Denoising")
    #expect(Set(strip.animation().frames.map(\.width)).count == 1)
    #expect(margins(strip.picture()) >= 20)
  }
}

@Suite struct PreviewTests {
  @Test func everyClassHasARow() {
    let grid = DrawnShapes(seed: 1).images(part: "train", count: 200).preview(perClass: 3)
    #expect(grid.rows.map(\.label) == DrawnShapes.classNames)
    #expect(grid.rows.allSatisfy { $0.pictures.count == 3 && $0.detail.contains($0.label) })
  }

  @Test func scatterShowsPointsWhereTheyAre() {
    let picture = Picture.scatter([0.5, 0.5, .nan, 0, .infinity, 1, 90, 0], reach: 1, side: 100)
    #expect(picture[75, 25] != .white && picture[25, 25] == .white && picture[75, 75] == .white)
  }
}
