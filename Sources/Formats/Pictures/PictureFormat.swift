import LineupSupport

/// A format of picture files, known by what they begin with.
package struct PictureFormat: Sendable {
  package let name: String
  /// `nil` stands for any byte.
  private let start: [UInt8?]
  /// Nil where the format is known by name only.
  let decode: (@Sendable (_ bytes: [UInt8], _ path: String) throws(Fault) -> DecodedPicture)?

  private init(
    _ name: String, _ start: [UInt8?],
    decode: (@Sendable (_ bytes: [UInt8], _ path: String) throws(Fault) -> DecodedPicture)? = nil
  ) {
    (self.name, self.start, self.decode) = (name, start, decode)
  }

  /// The format of a file; nil where it is none that is known here.
  init?(of bytes: [UInt8]) {
    let found = Self.all.first { format in
      bytes.count >= format.start.count && zip(format.start, bytes).allSatisfy { $0 == nil || $0 == $1 }
    }
    guard let found else { return nil }
    self = found
  }

  /// "PNG, JPEG, WebP or GIF".
  package static let readable: String = {
    let names = all.filter { $0.decode != nil }.map(\.name)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }()

  private static let all = [
    PictureFormat("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      bytes, path throws(Fault) in try DecodedPicture(png: bytes, path: path)
    },
    PictureFormat("JPEG", [0xFF, 0xD8, 0xFF]) { bytes, path throws(Fault) in
      try DecodedPicture(jpeg: bytes, path: path)
    },
    PictureFormat("WebP", Array("RIFF".utf8) + [nil, nil, nil, nil] + Array("WEBP".utf8)) {
      bytes, path throws(Fault) in try DecodedPicture(webP: bytes, path: path)
    },
    PictureFormat("GIF", Array("GIF8".utf8)) { bytes, path throws(Fault) in
      try DecodedPicture(gif: bytes, path: path)
    },
    PictureFormat("TIFF", Array("II*\0".utf8)),
    PictureFormat("TIFF", Array("MM\0*".utf8)),
    PictureFormat("AVIF", [nil, nil, nil, nil] + Array("ftypavif".utf8)),
    PictureFormat("HEIC", [nil, nil, nil, nil] + Array("ftyphei".utf8)),
    PictureFormat("JPEG 2000", [0, 0, 0, 12] + Array("jP  ".utf8)),
    PictureFormat("JPEG XL", [0xFF, 0x0A]),
    PictureFormat("JPEG XL", [0, 0, 0, 12] + Array("JXL ".utf8)),
    PictureFormat("PDF", Array("%PDF".utf8)),
    PictureFormat("BMP", Array("BM".utf8)),
  ]
}
