import LineupSupport
import OrderedCollections

/// One value by itself.
struct SingleDecoding: SingleValueDecodingContainer {
  let decoder: ValueDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.json == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.value(of: type) }
}

/// The members of an object.
struct ObjectDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: OrderedDictionary<String, JSONValue>
  let decoder: ValueDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue] == .null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try member(key, words(for: type)).value(of: type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try member(key, "an object").container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key, "a list").unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }

  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key, "a value") }

  private func member(_ key: Key, _ expected: String) throws(Fault) -> ValueDecoder {
    let pointer = decoder.pointer.appending(key.stringValue)
    guard let value = members[key.stringValue] else {
      throw decoder.source.fault(at: pointer, found: "nothing", expected: expected)
    }
    return ValueDecoder(value, at: pointer, in: decoder.source)
  }
}

/// The elements of a list, one after the other.
struct ListDecoding: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let decoder: ValueDecoder
  private(set) var currentIndex = 0

  init(elements: [JSONValue], decoder: ValueDecoder) { (self.elements, self.decoder) = (elements, decoder) }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try next("a value").json == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try next(words(for: type)).value(of: type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    let container = try next("an object").container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try next("a list").unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let element = try next("a value")
    currentIndex += 1
    return element
  }

  private func next(_ expected: String) throws(Fault) -> ValueDecoder {
    let pointer = decoder.pointer.appending(currentIndex)
    guard !isAtEnd else { throw decoder.source.fault(at: pointer, found: "the end of the list", expected: expected) }
    return ValueDecoder(elements[currentIndex], at: pointer, in: decoder.source)
  }
}
