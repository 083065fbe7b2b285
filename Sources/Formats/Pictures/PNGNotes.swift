import CLineupZlib
import LineupSupport

/// Reading the texts in PNG files (PNG specification, section 11.3.3).
extension Picture {
  /// The keywords and texts of a PNG file's chunks `tEXt`, `zTXt` and `iTXt`, in the file's order. Every chunk's checksum
  /// is tested; `path` only names the source in errors.
  package static func notes(inPNG bytes: [UInt8], path: String) throws(Fault) -> [PictureNote] {
    var notes: [PictureNote] = []
    var reader = PNGChunkReader(bytes, path: path)
    var room = longestNotes
    try reader.readSignature()
    while let chunk = try reader.next() {
      if let note = try chunk.note(path: path, room: &room) { notes.append(note) }
    }
    return notes
  }
}

/// A guard against small files that unpack to absurd sizes: the most bytes of all packed texts together.
private let longestNotes = 1 << 24

/// Walks over the chunks of a PNG file.
private struct PNGChunkReader {
  private let bytes: [UInt8]
  private let path: String
  private var place = 0
  private var isFinished = false

  init(_ bytes: [UInt8], path: String) { (self.bytes, self.path) = (bytes, path) }

  mutating func readSignature() throws(Fault) {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw .malformed(path, found: "a file without the signature of PNG", expected: "a PNG file")
    }
    place = 8
  }

  /// The next chunk; nil after the one that ends the file.
  mutating func next() throws(Fault) -> PNGChunk? {
    guard !isFinished else { return nil }
    guard bytes.count - place >= 12 else { throw truncated("a chunk, or the end chunk IEND") }
    let (start, length) = (place, Int(number(at: place)))
    guard length <= bytes.count - place - 12 else { throw truncated("a chunk of \(length) bytes") }
    let kind = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
    let body = bytes[start + 4..<start + 8 + length]
    let checksum = body.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
    }
    guard checksum == number(at: start + 8 + length) else {
      throw .malformed(
        path, found: "the chunk \(kind) at byte \(start) with the checksum of other bytes",
        expected: "an undamaged file")
    }
    place += 12 + length
    isFinished = kind == "IEND"
    return PNGChunk(kind: kind, place: start, body: body.dropFirst(4))
  }

  private func truncated(_ expected: String) -> Fault {
    .malformed(
      path, found: "the end of the file at byte \(bytes.count)", expected: "\(expected) at byte \(place)")
  }

  /// A big-endian number of four bytes.
  private func number(at place: Int) -> UInt32 { bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
}

private struct PNGChunk {
  var kind: String
  var place: Int
  var body: ArraySlice<UInt8>

  /// The chunk's note, nil where it is of another kind.
  ///
  /// - Parameter room: how many bytes a packed text may still have.
  func note(path: String, room: inout Int) throws(Fault) -> (keyword: String, text: String)? {
    guard ["tEXt", "zTXt", "iTXt"].contains(kind) else { return nil }
    var rest = body
    let keyword = try Self.latin1(field(&rest, "a keyword that ends in zero", path))
    switch kind {
    case "tEXt": return (keyword, Self.latin1(rest))
    case "zTXt":
      guard rest.popFirst() == 0 else { throw malformed("an unknown way of compression", "way 0, deflate", path) }
      return (keyword, Self.latin1(try inflated(rest, path, room: &room)))
    default:
      guard rest.count >= 2 else { throw malformed("a text without its flag of compression", "two more bytes", path) }
      let (flag, method) = (rest.removeFirst(), rest.removeFirst())
      guard flag <= 1, method == 0 else {
        throw malformed("the flag \(flag) and way \(method) of compression", "flag 0 or 1 and way 0, deflate", path)
      }
      _ = try field(&rest, "a language that ends in zero", path)
      _ = try field(&rest, "a translated keyword that ends in zero", path)
      guard let text = String(validating: flag == 1 ? try inflated(rest, path, room: &room)[...] : rest, as: UTF8.self)
      else {
        throw malformed("bytes that are not UTF-8", "a text in UTF-8", path)
      }
      return (keyword, text)
    }
  }

  /// Takes what stands before the next zero, and the zero.
  private func field(
    _ rest: inout ArraySlice<UInt8>, _ expected: String, _ path: String
  ) throws(Fault) -> ArraySlice<UInt8> {
    guard let zero = rest.firstIndex(of: 0) else { throw malformed("no zero byte", expected, path) }
    defer { rest = rest[(zero + 1)...] }
    return rest[..<zero]
  }

  /// Every byte is the character of that number.
  private static func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
  }

  private func inflated(
    _ packed: ArraySlice<UInt8>, _ path: String, room: inout Int
  ) throws(Fault) -> [UInt8] {
    var size = min(room, max(1024, 8 * packed.count))
    while true {
      var text = [UInt8](repeating: 0, count: size)
      var count = uLongf(size)
      let code = packed.withUnsafeBufferPointer { uncompress(&text, &count, $0.baseAddress, uLong($0.count)) }
      if code == Z_OK {
        room -= Int(count)
        return Array(text.prefix(Int(count)))
      }
      guard code == Z_BUF_ERROR, size < room else {
        throw malformed(
          "compressed data that are damaged, cut short or too long", "texts of at most \(longestNotes) bytes", path)
      }
      size = min(room, 4 * size)
    }
  }

  private func malformed(_ found: String, _ expected: String, _ path: String) -> Fault {
    .malformed(path, found: "in the chunk \(kind) at byte \(place) \(found)", expected: expected)
  }
}
