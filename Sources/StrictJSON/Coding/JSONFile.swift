import LineupSupport

/// Files of one JSON value that the harness writes and reads itself: records, in which numbers that are not finite are the
/// texts `inf`, `-inf` and `nan`.
///
/// Every object is sealed: its member `digest` is the SHA-256 of the canonical text of the others. Reading compares it, so
/// that a value which changed on the disk is a fault and never a result.
package enum JSONFile {
  /// What vouches for a file.
  package enum Seal: Sendable, Equatable {
    /// Its digest is that of what it holds.
    case whole
    /// It carries no digest, as files of earlier versions.
    case absent
  }

  private static let member = "digest"

  /// Writes a value with its members sorted, whole or not at all.
  ///
  /// - Parameter compact: without line breaks, for records whose size is bounded.
  package static func write(_ value: some Encodable, to path: String, compact: Bool = false) throws(Fault) {
    let json = sealed(JSONValue(encoding: value))
    try DurableFile.write(compact ? json.canonicalText + "\n" : json.sorted.indentedText, to: path)
  }

  /// Reads a value.
  ///
  /// - Throws: where the file is missing, is not JSON, is damaged by its digest, or does not hold such a value.
  package static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(Fault) -> Value {
    let document = try document(path)
    _ = try seal(of: document, path)
    return try document.decoded(readingNonFinite: true)
  }

  /// What vouches for a file; damage is thrown.
  package static func seal(of path: String) throws(Fault) -> Seal { try seal(of: document(path), path) }

  /// An object with its digest; other values as they are, for they have no place for one.
  package static func sealed(_ value: JSONValue) -> JSONValue {
    guard case .object = value else { return value }
    return value.replacing(member, with: .string(digest(of: value)))
  }

  /// The seal of a document that was read elsewhere, such as a line of a log.
  package static func seal(of document: JSONDocument, _ path: String) throws(Fault) -> Seal {
    guard let stored = document.value[member]?.text else { return .absent }
    let computed = digest(of: document.value)
    guard stored == computed else {
      throw Fault(
        .malformed, file: path, place: "/\(member)", found: "\(stored), while the rest has \(computed)",
        expected: "the digest of the rest", cause: "the file is damaged")
    }
    return .whole
  }

  /// The document of a file. Control characters in its texts are refused, for a record may come from elsewhere.
  private static func document(_ path: String) throws(Fault) -> JSONDocument {
    let document = try JSONDocument(reading: try WholeFile.read(path), source: path)
    guard let issue = document.controlCharacterIssues.first else { return document }
    throw Fault(
      issue.place ?? Place(source: path), pointer: issue.pointer, found: issue.found, expected: issue.expected)
  }

  /// The SHA-256 of all members but the digest itself.
  private static func digest(of value: JSONValue) -> String {
    let rest = value.patched(with: [member: .null])
    return SHA256.hexadecimalDigest(of: Array(rest.canonicalText.utf8))
  }
}
