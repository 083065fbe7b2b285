import LineupSupport

/// What all decoders of one document share.
struct DecodingSource {
  let document: JSONDocument
  /// What faults call the document where it has no places.
  let name: String
  let readsNonFinite: Bool

  func fault(at pointer: JSONPointer, found: String, expected: String) -> Fault {
    Fault(document.place(of: pointer) ?? Place(source: name), pointer: pointer, found: found, expected: expected)
  }

  /// What a type's own reading says of a value.
  func fault(_ error: DecodingError) -> Fault {
    let (context, expected): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context): (context, words(for: type))
      case .keyNotFound(let key, let context):
        (.init(codingPath: context.codingPath + [key], debugDescription: context.debugDescription), "a value")
      case .dataCorrupted(let context): (context, context.debugDescription)
      @unknown default: (.init(codingPath: [], debugDescription: "\(error)"), "\(error)")
      }
    let pointer = JSONPointer(context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue })
    return fault(at: pointer, found: document.value[pointer]?.described ?? "nothing", expected: expected)
  }
}

/// Decodes one value of a JSON document. Whatever does not fit is thrown as a ``Fault`` with its place.
struct ValueDecoder: Decoder {
  let json: JSONValue
  let pointer: JSONPointer
  let source: DecodingSource

  init(_ json: JSONValue, at pointer: JSONPointer, in source: DecodingSource) {
    (self.json, self.pointer, self.source) = (json, pointer, source)
  }

  var codingPath: [any CodingKey] { pointer.tokens.map { NameKey($0) } }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The value as a type: the basic ones here, all others by their own reading.
  func value<Value: Decodable>(of type: Value.Type) throws(Fault) -> Value {
    if let basic = try basic(type) { return basic }
    do {
      return try Value(from: self)
    } catch let fault as Fault {
      throw fault
    } catch let error as DecodingError {
      // An enumeration only says that a text is none of its cases; here they are known.
      if let enumeration = type as? any (CaseIterable & RawRepresentable).Type, case .dataCorrupted = error {
        throw mismatch("one of \(rawValues(of: enumeration))")
      }
      throw source.fault(error)
    } catch {
      throw mismatch("\(error)")
    }
  }

  /// The value as text, a flag or a number; nil where `type` is none of these.
  private func basic<Value>(_ type: Value.Type) throws(Fault) -> Value? {
    let value: Any?
    switch type {
    case is String.Type: value = json.text
    case is Bool.Type: value = if case .boolean(let flag) = json { flag } else { nil }
    case is Double.Type: value = real(json.double)
    case is Float.Type: value = real(shortestFloat)
    case let integer as any FixedWidthInteger.Type: value = whole(integer)
    default: return nil
    }
    guard let value = value as? Value else { throw mismatch(words(for: type)) }
    return value
  }

  /// The number whose shortest text is the JSON number's; nil where it lies beyond Float's range.
  private var shortestFloat: Float? {
    guard case .number(let number) = json, let value = Float("\(number)"), value.isFinite else { return nil }
    return value
  }

  private func real<Number: BinaryFloatingPoint>(_ finite: Number?) -> Number? {
    guard finite == nil, source.readsNonFinite, let text = json.text else { return finite }
    return switch text {
    case "inf": .infinity
    case "-inf": -.infinity
    case "nan": .nan
    default: nil
    }
  }

  private func whole<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    guard case .number(let number) = json else { return nil }
    return switch number {
    case .unsigned(let value): Number(exactly: value)
    case .negative(let value): Number(exactly: value)
    case .real(let value): Number(exactly: value)
    }
  }

  func mismatch(_ expected: String) -> Fault {
    source.fault(at: pointer, found: json.described, expected: expected)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = json else { throw mismatch("an object") }
    return KeyedDecodingContainer(ObjectDecoding(members: members, decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = json else { throw mismatch("a list") }
    return ListDecoding(elements: elements, decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleDecoding(decoder: self) }
}

/// What a type is in JSON, as a phrase that follows the word "expected".
func words(for type: Any.Type) -> String {
  switch type {
  case is String.Type: "text"
  case is Bool.Type: "true or false"
  case let integer as any FixedWidthInteger.Type: range(of: integer)
  case is any BinaryFloatingPoint.Type: "a number"
  case is any ListLike.Type: "a list"
  case is any RawRepresentable.Type: "a value"
  default: "an object"
  }
}

private func range<Number: FixedWidthInteger>(of type: Number.Type) -> String {
  "a whole number from \(Number.min) to \(Number.max)"
}

private func rawValues<Cases: CaseIterable & RawRepresentable>(of type: Cases.Type) -> String {
  Cases.allCases.map { ($0.rawValue as? String).map { JSONValue.quoted($0) } ?? "\($0.rawValue)" }
    .joined(separator: ", ")
}

/// Types that are lists in JSON.
private protocol ListLike {}
extension Array: ListLike {}
extension Set: ListLike {}

/// A name or an index of a pointer.
struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { Int(stringValue) }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(String(intValue)) }
}
