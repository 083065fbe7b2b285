import OrderedCollections

/// A JSON value that remembers where each part of it was written, also after several files were laid over another.
package struct JSONDocument: Sendable {
  package var value: JSONValue
  /// Where each value, or the name of each member, stands.
  package var places: [JSONPointer: Place]
  /// What the places are found in when they are asked for, where none were kept.
  private var text: (bytes: [UInt8], source: String)?

  package init(value: JSONValue, places: [JSONPointer: Place] = [:]) {
    self.value = value
    self.places = places
  }

  /// A document without places; they are looked up in its text where something is wrong.
  init(value: JSONValue, foundIn bytes: [UInt8], source: String) {
    (self.value, places, text) = (value, [:], (bytes, source))
  }

  /// The place of the value at `pointer`, or of the nearest value around it that was written anywhere.
  package func place(of pointer: JSONPointer) -> Place? {
    if let text, let found = try? JSONParser.parse(text.bytes, source: text.source, recording: .way(to: pointer)) {
      return found.document.place(of: pointer)
    }
    var pointer = pointer
    while true {
      if let place = places[pointer] { return place }
      if pointer.tokens.isEmpty { return nil }
      pointer = pointer.parent
    }
  }

  /// Lays `patch` over this document as RFC 7396 has it: objects merge member by member, null removes a member, and
  /// everything else, lists included, replaces what was there.
  package mutating func apply(_ patch: JSONDocument) {
    value = value.patched(with: patch.value)
    places.merge(patch.places) { _, new in new }
  }

  /// The part at `pointer` as a document of its own.
  package func part(at pointer: JSONPointer) -> JSONDocument? {
    guard let part = value[pointer] else { return nil }
    let depth = pointer.tokens.count
    var kept: [JSONPointer: Place] = [:]
    for (candidate, place) in places where candidate.tokens.starts(with: pointer.tokens) {
      kept[JSONPointer(Array(candidate.tokens.dropFirst(depth)))] = place
    }
    return JSONDocument(value: part, places: kept)
  }
}

extension JSONValue {
  /// This value with `patch` laid over it; see ``JSONDocument/apply(_:)``.
  ///
  /// - Parameter keepingNulls: whether this value is a patch itself, in which a null has to stay so that it removes a
  ///   member later.
  package func patched(with patch: JSONValue, keepingNulls: Bool = false) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members: OrderedDictionary<String, JSONValue> = [:]
    if case .object(let own) = self { members = own }
    for (name, change) in changes {
      if change == .null, !keepingNulls {
        members.removeValue(forKey: name)
      } else {
        members[name] = (members[name] ?? .null).patched(with: change, keepingNulls: keepingNulls)
      }
    }
    return .object(members)
  }
}
