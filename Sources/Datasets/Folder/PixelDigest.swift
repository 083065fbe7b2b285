import LineupFormats
import LineupSupport

/// The SHA-256 of a picture's size and its pixels as red, green and blue, whatever file they came from.
package struct PixelDigest: Hashable, Sendable {
  private let bytes: [UInt8]

  init(of picture: Picture) {
    var hash = SHA256()
    hash.update(picture.width)
    hash.update(picture.height)
    hash.update(picture.pixels)
    bytes = hash.digest()
  }

  /// The digest in hexadecimal digits.
  package var text: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  /// A number from 0 to 9, each for a tenth of all pictures.
  var tenth: Int { Int(bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 10) }

  /// A place in an order that the seed decides; the smallest come first.
  func place(seed: UInt64) -> [UInt8] {
    var hash = SHA256()
    hash.update(Int(truncatingIfNeeded: seed))
    hash.update(bytes)
    return hash.digest()
  }
}
