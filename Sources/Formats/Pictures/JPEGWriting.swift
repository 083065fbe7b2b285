import CLineupJPEG
import Foundation
import LineupSupport

/// Writing pictures as JPEG, with notes in comments.
extension Picture {
  /// High enough that the loss is hard to see.
  private static let jpegQuality = 95
  /// Where the first segment, which libjpeg always writes in one length (JFIF), ends.
  private static let firstSegmentEnd = 20
  /// What a comment can hold beside its own length.
  private static let longestComment = 65_533

  /// The picture as a JPEG file of quality 95 with colours at full resolution, grey where no pixel has colour; nil where
  /// libjpeg refuses it, for example above 65,500 pixels a side. The same picture and notes give the same bytes.
  ///
  /// A note is a comment of its keyword, a zero byte and its text in UTF-8; long ones go on in further comments of the same
  /// keyword.
  package func jpeg(notes: [PictureNote] = []) -> [UInt8]? {
    let channels = isGrey ? 1 : 3
    let rows = channels == 3 ? pixels : stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] }
    var file: UnsafeMutablePointer<UInt8>?
    var count = 0
    let succeeded = cjpeg_encode(
      rows, Int32(width), Int32(height), Int32(channels), Int32(Self.jpegQuality), &file, &count)
    guard succeeded != 0, let file else { return nil }
    defer { free(file) }
    var bytes = Array(UnsafeBufferPointer(start: file, count: count))
    bytes.insert(contentsOf: notes.flatMap(Self.comments), at: Self.firstSegmentEnd)
    return bytes
  }

  private static func comments(_ note: PictureNote) -> [UInt8] {
    let keyword = Array(note.keyword.utf8) + [0]
    let room = longestComment - keyword.count
    let text = Array(note.text.utf8)
    return stride(from: 0, to: max(text.count, 1), by: room).flatMap { begin in
      let body = keyword + text[begin..<min(begin + room, text.count)]
      let length = body.count + 2
      return [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)] + body
    }
  }

  /// The notes of a JPEG file in memory; `path` only names the source in errors.
  static func notes(inJPEG bytes: [UInt8], path: String) throws(Fault) -> [PictureNote] {
    var texts: [(keyword: String, bytes: [UInt8])] = []
    var place = 2
    // Comments stand before the picture itself, whose segment is 0xDA.
    while place + 4 <= bytes.count, bytes[place] == 0xFF, bytes[place + 1] != 0xDA {
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard length >= 2, place + 2 + length <= bytes.count else {
        throw .malformed(
          path, place: "byte \(place)", found: "a segment of \(length) bytes", expected: "one that ends within the file"
        )
      }
      let body = bytes[place + 4..<place + 2 + length]
      if bytes[place + 1] == 0xFE, let zero = body.firstIndex(of: 0) {
        let keyword = String(decoding: body[..<zero], as: UTF8.self)
        if texts.last?.keyword == keyword {
          texts[texts.count - 1].bytes += body[(zero + 1)...]
        } else {
          texts.append((keyword, Array(body[(zero + 1)...])))
        }
      }
      place += 2 + length
    }
    return try texts.map { keyword, bytes throws(Fault) in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .malformed(
          path, place: "the note \(keyword)", found: "bytes that are not UTF-8", expected: "a text in UTF-8")
      }
      return (keyword, text)
    }
  }

  /// The notes in a picture's file, PNG or JPEG.
  package static func notes(inFile path: String) throws(Fault) -> [PictureNote] {
    let bytes = try WholeFile.read(path)
    return bytes.starts(with: [0xFF, 0xD8, 0xFF])
      ? try notes(inJPEG: bytes, path: path) : try notes(inPNG: bytes, path: path)
  }
}
