import CLineupFreeType
import Foundation

/// Sets text in DejaVu Sans. Where the font is not installed, texts have no size and nothing is drawn.
///
/// Not shared between threads: FreeType's faces are not safe for that. Make one for each picture.
package final class Lettering {
  /// A size in pixels, a weight and a colour.
  package struct Style: Sendable {
    package var size: Int
    package var isBold: Bool
    package var colour: Colour

    package init(size: Int, isBold: Bool = false, colour: Colour = Colour(grey: 25)) {
      self.size = size
      self.isBold = isBold
      self.colour = colour
    }

    /// The distance from one line's top to the next one's.
    package var lineHeight: Int { (size * 5 + 2) / 4 }
  }

  /// Where distributions put the DejaVu fonts.
  static let folders = [
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
  ]

  private var library: FT_Library?
  private var regular: FT_Face?
  private var bold: FT_Face?

  /// Opens the fonts in the first of `folders` that has them.
  package init(folders: [String]? = nil) {
    guard FT_Init_FreeType(&library) == 0 else { return }
    for folder in folders ?? Self.folders where regular == nil {
      guard FT_New_Face(library, folder + "/DejaVuSans.ttf", 0, &regular) == 0 else {
        regular = nil
        continue
      }
      if FT_New_Face(library, folder + "/DejaVuSans-Bold.ttf", 0, &bold) != 0 { bold = nil }
    }
  }

  deinit {
    if let regular { FT_Done_Face(regular) }
    if let bold { FT_Done_Face(bold) }
    if let library { FT_Done_FreeType(library) }
  }

  /// Whether a font was found.
  package var isAvailable: Bool { regular != nil }

  /// The width of one line of text in whole pixels, rounded up.
  package func width(of text: String, style: Style) -> Int {
    Int(layOut(text, style) { _, _, _ in }.rounded(.up))
  }

  /// Breaks a text into lines of at most `width` pixels, between words and after hyphens, strokes and underlines. A piece
  /// that is wider than that has a line of its own, unbroken; line feeds are kept.
  package func lines(of text: String, style: Style, width: Int) -> [String] {
    guard isAvailable else { return [] }
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for piece in Self.pieces(of: paragraph) {
        let longer = line + piece
        if !line.isEmpty, self.width(of: Self.trimmed(longer), style: style) > width {
          lines.append(Self.trimmed(line))
          line = piece
        } else {
          line = longer
        }
      }
      lines.append(Self.trimmed(line))
    }
    return lines
  }

  /// Draws one line of text on a picture, its upper left corner at (`x`, `y`).
  package func draw(_ text: String, on picture: inout Picture, x: Int, y: Int, style: Style) {
    // The letters' top stands an eighth of the size below the line's top.
    let baseline = y + (style.size * 17 + 8) / 16
    layOut(text, style) { glyph, left, _ in
      let bitmap = glyph.pointee.bitmap
      guard let coverage = bitmap.buffer else { return }
      for row in 0..<Int(bitmap.rows) {
        for column in 0..<Int(bitmap.width) {
          picture.blend(
            style.colour, share: coverage[row * Int(bitmap.pitch) + column],
            x: x + left + Int(glyph.pointee.bitmap_left) + column, y: baseline - Int(glyph.pointee.bitmap_top) + row)
        }
      }
    }
  }

  /// Places the letters one by one, with kerning and at fractions of a pixel, and gives the line's width in pixels.
  @discardableResult
  private func layOut(
    _ text: String, _ style: Style, _ visit: (_ glyph: FT_GlyphSlot, _ left: Int, _ index: UInt32) -> Void
  ) -> Double {
    guard let face = style.isBold ? bold ?? regular : regular else { return 0 }
    guard FT_Set_Pixel_Sizes(face, 0, UInt32(style.size)) == 0 else { return 0 }
    // In 1/64 pixel.
    var pen = 0.0
    var previous: UInt32 = 0
    for scalar in text.unicodeScalars {
      let index = FT_Get_Char_Index(face, FT_ULong(scalar.value))
      var kerning = FT_Vector()
      if previous != 0, FT_Get_Kerning(face, previous, index, FT_KERNING_UNFITTED.rawValue, &kerning) == 0 {
        pen += Double(kerning.x)
      }
      var shift = FT_Vector(x: FT_Pos(pen.rounded()) & 63, y: 0)
      FT_Set_Transform(face, nil, &shift)
      if FT_Load_Glyph(face, index, Self.loadFlags) == 0, let glyph = face.pointee.glyph {
        visit(glyph, Int(pen.rounded()) >> 6, index)
        pen += Double(glyph.pointee.linearHoriAdvance) / 1024
      }
      previous = index
    }
    return pen / 64
  }

  /// Render, fitted to pixels in the vertical only (FT_LOAD_TARGET_LIGHT, a macro that Swift does not see).
  private static let loadFlags = FT_Int32(FT_LOAD_RENDER) | FT_Int32(1 << 16)

  /// Cuts a line where it may be broken: each piece ends with the blank, hyphen, stroke or underline that follows it.
  private static func pieces(of line: Substring) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in line {
      piece.append(character)
      if " -/_,".contains(character) {
        pieces.append(piece)
        piece = ""
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }

  private static func trimmed(_ line: String) -> String {
    line.trimmingCharacters(in: .whitespaces)
  }
}
