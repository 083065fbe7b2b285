import OrderedCollections

/// A JSON text as a value: what an experiment file says, before anything is known about what it means.
///
/// Objects keep the order of their members, because the order of arms is the order of rows in every table and grid.
package enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(OrderedDictionary<String, JSONValue>)

  /// The member called `key`, or nil where this is not an object or has no such member.
  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The value `pointer` leads to, or nil where the path breaks off.
  package subscript(pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      switch value {
      case .object(let members):
        guard let member = members[token] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(token), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default:
        return nil
      }
    }
    return value
  }

  /// This object with one member set, or taken away where `value` is null.
  package func replacing(_ key: String, with value: JSONValue) -> JSONValue {
    var members: OrderedDictionary<String, JSONValue> = [:]
    if case .object(let own) = self { members = own }
    members[key] = value == .null ? nil : value
    return .object(members)
  }

  /// The names of the members in their order; empty where this is not an object.
  package var keys: [String] {
    if case .object(let members) = self { Array(members.keys) } else { [] }
  }

  /// The elements, or nil where this is not an array.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text, or nil where this is not a string.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number as a Double, or nil where this is not a number.
  package var double: Double? {
    if case .number(let number) = self { number.double } else { nil }
  }

  /// The number as an Int, or nil where this is not a whole number in Int's range.
  package var integer: Int? {
    if case .number(let number) = self { number.integer } else { nil }
  }

  /// What this is, in the words of an error message: `the text "abc"`, `the number 3`, `a list of 4`.
  package var described: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): "the number \(number)"
    case .string(let text): "the text \(JSONValue.quoted(text.count > 60 ? text.prefix(57) + "…" : text))"
    case .array(let elements): elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
    case .object(let members): members.isEmpty ? "an empty object" : "an object of \(members.count)"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  package init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(OrderedDictionary(uniqueKeysWithValues: elements))
  }
}

/// A JSON number without loss: 64-bit whole numbers exactly, which seeds need, and all others as a Double.
///
/// Equal numbers are equal values however they were written, so `5e12` and `5000000000000` have one canonical text.
package enum JSONNumber: Sendable, Hashable, CustomStringConvertible {
  case unsigned(UInt64)
  /// Always below zero.
  case negative(Int64)
  /// Never a whole number of magnitude up to 2⁵³.
  case real(Double)

  package init(_ value: Int) {
    self = value < 0 ? .negative(Int64(value)) : .unsigned(UInt64(value))
  }

  package init(_ value: Double) {
    let limit = 9_007_199_254_740_992.0
    if value == value.rounded(), abs(value) <= limit {
      self = value < 0 ? .negative(Int64(value)) : .unsigned(UInt64(value))
    } else {
      self = .real(value)
    }
  }

  /// The nearest Double.
  package var double: Double {
    switch self {
    case .unsigned(let value): Double(value)
    case .negative(let value): Double(value)
    case .real(let value): value
    }
  }

  /// The value as an Int, or nil where it is not whole or does not fit.
  package var integer: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .negative(let value): Int(value)
    case .real: nil
    }
  }

  /// The shortest text that reads back as this number.
  package var description: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .negative(let value): "\(value)"
    case .real(let value): "\(value)"
    }
  }
}
