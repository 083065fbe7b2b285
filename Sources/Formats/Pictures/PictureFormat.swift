import LineupSupport

/// A text in a picture's file, under a keyword.
package typealias PictureNote = (keyword: String, text: String)

/// A format of picture files, known by what they begin with.
package struct PictureFormat: Sendable {
  package let name: String
  /// `nil` stands for any byte.
  private let start: [UInt8?]
  /// Nil where the format is known by name only.
  let decode: (@Sendable (_ bytes: [UInt8], _ path: String) throws(Fault) -> DecodedPicture)?
  /// Nil where pictures are not written so.
  private let encode: (@Sendable (_ picture: Picture, _ notes: [PictureNote]) -> [UInt8]?)?
  /// The endings of files that are written so, in lower case.
  private let endings: [String]

  private init(
    _ name: String, _ start: [UInt8?], endings: [String] = [],
    encode: (@Sendable (_ picture: Picture, _ notes: [PictureNote]) -> [UInt8]?)? = nil,
    decode: (@Sendable (_ bytes: [UInt8], _ path: String) throws(Fault) -> DecodedPicture)? = nil
  ) {
    (self.name, self.start, self.endings) = (name, start, endings)
    (self.encode, self.decode) = (encode, decode)
  }

  /// The format of a file; nil where it is none that is known here.
  init?(of bytes: [UInt8]) {
    let found = Self.all.first { format in
      bytes.count >= format.start.count && zip(format.start, bytes).allSatisfy { $0 == nil || $0 == $1 }
    }
    guard let found else { return nil }
    self = found
  }

  /// The format that a picture is written in, which the ending of its file's name decides.
  package init(writing path: String) throws(Fault) {
    let ending = Self.ending(of: path.split(separator: "/").last.map(String.init) ?? "")
    let written = Self.all.filter { $0.encode != nil }
    guard let format = written.first(where: { $0.endings.contains(ending) }) else {
      let names = written.map { format in "\(format.name) (.\(format.endings.joined(separator: ", .")))" }
      throw Fault(
        .unwritable, file: path, found: ending.isEmpty ? "a name without an ending" : "the ending .\(ending)",
        expected: "that of " + names.joined(separator: " or "))
    }
    self = format
  }

  /// Writes a picture in this format, whole or not at all.
  package func write(_ picture: Picture, notes: [PictureNote] = [], to path: String) throws(Fault) {
    guard let bytes = encode?(picture, notes) else {
      throw .unwritable(path, "\(picture.width)×\(picture.height) pixels cannot be encoded as \(name)")
    }
    try DurableFile.write(bytes, to: path)
  }

  /// The ending in lower case, empty where there is none.
  private static func ending(of name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased() ?? ""
  }

  /// "PNG, JPEG, WebP or GIF".
  package static let readable: String = {
    let names = all.filter { $0.decode != nil }.map(\.name)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }()

  private static let all = [
    PictureFormat(
      "PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], endings: ["png"],
      encode: { $0.png(notes: $1) },
      decode: { bytes, path throws(Fault) in try DecodedPicture(png: bytes, path: path) }),
    PictureFormat(
      "JPEG", [0xFF, 0xD8, 0xFF], endings: ["jpg", "jpeg"], encode: { $0.jpeg(notes: $1) },
      decode: { bytes, path throws(Fault) in try DecodedPicture(jpeg: bytes, path: path) }),
    PictureFormat(
      "WebP", Array("RIFF".utf8) + [nil, nil, nil, nil] + Array("WEBP".utf8),
      decode: { bytes, path throws(Fault) in try DecodedPicture(webP: bytes, path: path) }),
    PictureFormat(
      "GIF", Array("GIF8".utf8),
      decode: { bytes, path throws(Fault) in try DecodedPicture(gif: bytes, path: path) }),
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
