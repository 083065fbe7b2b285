import OrderedCollections

/// A value while it is being encoded: its parts are still open to whoever holds a container.
final class EncodedNode {
  private enum Content {
    case scalar(JSONValue)
    case list([EncodedNode])
    case object(OrderedDictionary<String, EncodedNode>)
  }

  private var content = Content.object([:])

  var value: JSONValue {
    switch content {
    case .scalar(let value): value
    case .list(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.mapValues(\.value))
    }
  }

  /// Takes a value over: the basic types as they are, all others as they encode themselves.
  func encode(_ value: some Encodable, at path: [any CodingKey]) throws {
    switch value {
    case let text as String: set(.string(text))
    case let flag as Bool: set(.boolean(flag))
    case let number as Double: set(JSONValue(number))
    case let number as Float: set(JSONValue(number))
    case let number as any FixedWidthInteger: set(JSONValue(whole: number))
    default: try value.encode(to: ValueEncoder(node: self, codingPath: path))
    }
  }

  func set(_ value: JSONValue) { content = .scalar(value) }

  func becomeObject() {
    if case .object = content { return }
    content = .object([:])
  }

  func becomeList() {
    if case .list = content { return }
    content = .list([])
  }

  func member(_ name: String) -> EncodedNode {
    guard case .object(var members) = content else { preconditionFailure("a list or a value has no members") }
    let node = EncodedNode()
    // Without a second owner the members grow in place.
    content = .scalar(.null)
    members[name] = node
    content = .object(members)
    return node
  }

  var count: Int {
    if case .list(let elements) = content { elements.count } else { 0 }
  }

  func element() -> EncodedNode {
    guard case .list(var elements) = content else { preconditionFailure("an object or a value has no elements") }
    let node = EncodedNode()
    content = .scalar(.null)
    elements.append(node)
    content = .list(elements)
    return node
  }
}

extension JSONValue {
  /// The number in the fewest digits that tell it from others of its type; a text where it is not finite.
  fileprivate init<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ number: Number) {
    if number.isNaN {
      self = .string("nan")
    } else if number.isInfinite {
      self = .string(number < 0 ? "-inf" : "inf")
    } else {
      // The text of a finite number reads as a Double.
      self = .number(JSONNumber(Double("\(number)") ?? Double(number)))
    }
  }

  fileprivate init(whole number: some FixedWidthInteger) {
    self = .number(number < 0 ? .negative(Int64(number)) : .unsigned(UInt64(number)))
  }
}

/// Encodes into one node.
struct ValueEncoder: Encoder {
  let node: EncodedNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeObject()
    return KeyedEncodingContainer(ObjectEncoding(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeList()
    return ListEncoding(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleEncoding(node: node, codingPath: codingPath)
  }
}

/// One value by itself.
private struct SingleEncoding: SingleValueEncodingContainer {
  let node: EncodedNode
  let codingPath: [any CodingKey]

  mutating func encodeNil() { node.set(.null) }
  mutating func encode(_ value: some Encodable) throws { try node.encode(value, at: codingPath) }
}

/// The members of an object.
private struct ObjectEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: EncodedNode
  let codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) { node.member(key.stringValue).set(.null) }

  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    try node.member(key.stringValue).encode(value, at: codingPath + [key])
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { nested(key).container(keyedBy: type) }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { ValueEncoder(node: node, codingPath: codingPath) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: Key) -> ValueEncoder {
    ValueEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key])
  }
}

/// The elements of a list.
private struct ListEncoding: UnkeyedEncodingContainer {
  let node: EncodedNode
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  mutating func encodeNil() { node.element().set(.null) }

  mutating func encode(_ value: some Encodable) throws {
    let path = codingPath + [NameKey(String(count))]
    try node.element().encode(value, at: path)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    nested().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { nested() }

  private func nested() -> ValueEncoder {
    let path = codingPath + [NameKey(String(count))]
    return ValueEncoder(node: node.element(), codingPath: path)
  }
}
