import LineupSupport

/// Reading picture files of any format that is known here.
extension Picture {
  /// Reads a PNG or JPEG file; its first bytes say which it is, not its name.
  package init(file path: String) throws(Fault) {
    let bytes = try WholeFile.read(path)
    switch Self.format(of: bytes) {
    case "PNG": try self.init(png: bytes, path: path)
    case "JPEG": try self.init(jpeg: bytes, path: path)
    case let other?:
      throw .malformed(path, found: "a file in the format \(other)", expected: "a PNG or JPEG file")
    case nil:
      let found = bytes.isEmpty ? "an empty file" : "a file that begins with \(Self.described(bytes.prefix(8)))"
      throw .malformed(path, found: found, expected: "a PNG or JPEG file")
    }
  }

  /// What files of picture formats begin with; `nil` stands for any byte.
  private static let signatures: [(format: String, start: [UInt8?])] = [
    ("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    ("JPEG", [0xFF, 0xD8, 0xFF]),
    ("GIF", Array("GIF8".utf8)),
    ("WebP", Array("RIFF".utf8) + [nil, nil, nil, nil] + Array("WEBP".utf8)),
    ("TIFF", Array("II*\0".utf8)),
    ("TIFF", Array("MM\0*".utf8)),
    ("AVIF", [nil, nil, nil, nil] + Array("ftypavif".utf8)),
    ("HEIC", [nil, nil, nil, nil] + Array("ftyphei".utf8)),
    ("JPEG 2000", [0, 0, 0, 12] + Array("jP  ".utf8)),
    ("JPEG XL", [0xFF, 0x0A]),
    ("JPEG XL", [0, 0, 0, 12] + Array("JXL ".utf8)),
    ("PDF", Array("%PDF".utf8)),
    ("BMP", Array("BM".utf8)),
  ]

  private static func format(of bytes: [UInt8]) -> String? {
    signatures.first { _, start in
      bytes.count >= start.count && zip(start, bytes).allSatisfy { $0 == nil || $0 == $1 }
    }?.format
  }

  private static func described(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
