import LineupSupport
import OrderedCollections

extension JSONDocument {
  /// Reads strict JSON; a name written twice is a fault like any other.
  ///
  /// - Parameter source: the path or option that the bytes come from; it goes into places and faults.
  package init(reading bytes: [UInt8], source: String) throws(Fault) {
    let parsed: (document: JSONDocument, duplicates: [JSONParser.Duplicate])
    do {
      parsed = try JSONParser.parse(bytes, source: source, recording: .nothing)
    } catch {
      throw Fault(error.place, found: error.found, expected: error.expected)
    }
    if let twice = parsed.duplicates.first {
      throw Fault(twice.second, pointer: twice.pointer, found: "this name a second time", expected: "each name once")
    }
    self.init(value: parsed.document.value, foundIn: bytes, source: source)
  }

  /// This document as a value of a type. Faults name the line, the column and the pointer.
  ///
  /// - Parameters:
  ///   - readingNonFinite: whether the texts `inf`, `-inf` and `nan` may stand for numbers, as records have them.
  ///   - source: what faults call a document that was never written anywhere.
  package func decoded<Value: Decodable>(
    as type: Value.Type = Value.self, readingNonFinite: Bool = false, source: String = "a value"
  ) throws(Fault) -> Value {
    let context = DecodingSource(document: self, name: source, readsNonFinite: readingNonFinite)
    return try ValueDecoder(value, at: .root, in: context).value(of: type)
  }
}

extension JSONValue {
  /// This value as a value of a type; faults name the pointer.
  ///
  /// - Parameters:
  ///   - readingNonFinite: whether the texts `inf`, `-inf` and `nan` may stand for numbers, as records have them.
  ///   - source: what faults call this value.
  package func decoded<Value: Decodable>(
    as type: Value.Type = Value.self, readingNonFinite: Bool = false, source: String = "a value"
  ) throws(Fault) -> Value {
    try JSONDocument(value: self).decoded(as: type, readingNonFinite: readingNonFinite, source: source)
  }

  /// What `value` looks like as JSON, members in the order in which it encodes them; numbers that are not finite become
  /// the texts `inf`, `-inf` and `nan`. Meant for the harness's own types, which always encode.
  package init(encoding value: some Encodable) {
    let node = EncodedNode()
    do {
      try node.encode(value, at: [])
    } catch {
      preconditionFailure("\(type(of: value)) must encode to JSON: \(error)")
    }
    self = node.value
  }

  /// The same with the members of every object sorted by the bytes of their names, as records are written.
  package var sorted: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let members):
      .object(
        .init(
          uniqueKeysWithValues: members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { ($0.key, $0.value.sorted) }))
    default: self
    }
  }
}

extension Fault {
  /// What is wrong with JSON at a place.
  package init(_ place: Place, pointer: JSONPointer = .root, found: String, expected: String) {
    self.init(
      .malformed, file: place.source, line: place.line, column: place.column,
      place: pointer.tokens.isEmpty ? nil : "\(pointer)", found: found, expected: expected)
  }
}
