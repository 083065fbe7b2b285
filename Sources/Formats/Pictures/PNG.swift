import CLineupPNGSystem
import CLineupZlib
import LineupSupport

/// Writing pictures as PNG, through the simplified interface of libpng, which reports errors as values.
extension Picture {
  /// The picture as a PNG file: grey where no pixel has colour. The same picture and notes give the same bytes.
  ///
  /// - Parameter notes: keywords and texts to store in the file, such as the command that made it. A keyword has 1 to 79
  ///   ASCII characters.
  public func png(notes: [(keyword: String, text: String)] = []) -> [UInt8] {
    let channels = isGrey ? 1 : 3
    let rows = channels == 3 ? pixels : stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] }
    var image = Self.emptyImage()
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
    // Deflate never needs an eighth more than its input; the rest is for the chunks.
    var size = rows.count + height + (rows.count + height) / 4 + 4096
    var file = [UInt8](repeating: 0, count: size)
    let succeeded = png_image_write_to_memory(&image, &file, &size, 0, rows, 0, nil)
    precondition(succeeded != 0, "libpng could not encode \(width)×\(height) pixels: \(Self.message(image))")
    file.removeSubrange(size...)
    // The signature and the header chunk, always the first, take 33 bytes.
    file.insert(contentsOf: notes.flatMap { Self.textChunk($0.keyword, $0.text) }, at: 33)
    return file
  }

  /// Writes the picture as a PNG file, whole or not at all.
  package func writePNG(to path: String, notes: [(keyword: String, text: String)] = []) throws(Fault) {
    try DurableFile.write(png(notes: notes), to: path)
  }

  private static func emptyImage() -> png_image {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    return image
  }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// A chunk `tEXt` where the text is ASCII, else `iTXt` (PNG specification, section 11.3.3).
  private static func textChunk(_ keyword: String, _ text: String) -> [UInt8] {
    precondition(
      (1...79).contains(keyword.utf8.count) && keyword.allSatisfy(\.isASCII),
      "a note in a PNG file needs a keyword of 1 to 79 ASCII characters, not \"\(keyword)\"")
    let isASCII = text.allSatisfy(\.isASCII)
    let kind = Array((isASCII ? "tEXt" : "iTXt").utf8)
    // In iTXt: not compressed, method 0, no language, no translated keyword.
    let separator: [UInt8] = isASCII ? [0] : [0, 0, 0, 0, 0]
    let body = kind + Array(keyword.utf8) + separator + Array(text.utf8)
    let checksum = UInt32(truncatingIfNeeded: crc32(0, body, UInt32(body.count)))
    return bigEndian(UInt32(body.count - 4)) + body + bigEndian(checksum)
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
