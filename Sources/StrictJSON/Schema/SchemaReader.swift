import LineupSupport
import OrderedCollections

/// Checks a document against a shape and fills in the defaults, collecting everything that is wrong.
package struct SchemaReader {
  private let document: JSONDocument
  package private(set) var issues: [SchemaIssue] = []

  package init(_ document: JSONDocument) {
    self.document = document
  }

  /// The whole document with its defaults filled in, members in the order of the schema's fields.
  package mutating func read(as shape: Shape) -> JSONValue {
    read(document.value, as: shape, at: .root)
  }

  private mutating func read(_ value: JSONValue, as shape: Shape, at pointer: JSONPointer) -> JSONValue {
    switch (shape, value) {
    case (.boolean, .boolean), (.anything, _), (.patch, .object): break
    case (.text, .string(let text)) where !text.isEmpty: break
    case (.folderName, .string(let name)) where Self.isFolderName(name): break
    case (.choice(let names), .string(let name)): check(name, isOneOf: names, at: pointer)
    case (.integer(let range), .number(let number)):
      if let integer = number.integer, range.contains(integer) { break }
      report(value, at: pointer, expected: shape)
    case (.seed, .number(.unsigned)): break
    case (.number(let range), .number(let number)) where range.contains(number.double): break
    case (.list(let element, let count, let order), .array(let elements)):
      return readList(elements, of: element, count: count, order: order, shape: shape, at: pointer)
    case (.record(let record), .object(let members)): return read(members, as: record, at: pointer)
    case (.variants(let variants), .object(let members)): return read(members, as: variants, at: pointer)
    case (.named(let element, let minimum), .object(let members)):
      return readNamed(members, of: element, minimum: minimum, at: pointer)
    case (.either(let shapes), _):
      let fitting = shapes.first { $0.accepts(kindOf: value) }
      guard let fitting else {
        report(value, at: pointer, expected: shape)
        break
      }
      return read(value, as: fitting, at: pointer)
    default: report(value, at: pointer, expected: shape)
    }
    return value
  }

  private mutating func readList(
    _ elements: [JSONValue], of element: Shape, count: ClosedRange<Int>, order: ListOrder, shape: Shape,
    at pointer: JSONPointer
  ) -> JSONValue {
    if !count.contains(elements.count) { report(.array(elements), at: pointer, expected: shape) }
    let before = issues.count
    let filled = elements.enumerated().map { read($1, as: element, at: pointer.appending($0)) }
    guard issues.count == before else { return .array(filled) }
    for (index, value) in filled.enumerated().dropFirst() {
      let faulty =
        switch order {
        case .any: false
        case .unique: filled[..<index].contains(value)
        case .ascending: (value.double ?? 0) <= (filled[index - 1].double ?? 0)
        }
      guard faulty else { continue }
      report(
        at: pointer.appending(index),
        found: order == .unique ? "\(value.described) a second time" : "\(value.described) after a larger or equal one",
        expected: shape.described)
    }
    return .array(filled)
  }

  private mutating func read(
    _ members: OrderedDictionary<String, JSONValue>, as record: Record, at pointer: JSONPointer
  ) -> JSONValue {
    var filled: OrderedDictionary<String, JSONValue> = [:]
    for field in record.fields {
      let inner = pointer.appending(field.key)
      if let value = members[field.key] {
        filled[field.key] = read(value, as: field.shape, at: inner)
      } else if case .standard(let value) = field.presence {
        filled[field.key] = read(value, as: field.shape, at: inner)
      } else if field.presence == .required {
        report(
          at: pointer, found: "no member \(JSONValue.quoted(field.key))", expected: "it: \(field.shape.described)")
      }
    }
    let known = record.fields.map(\.key)
    for key in members.keys where filled[key] == nil && !known.contains(key) {
      report(unknown: key, known: known, at: pointer.appending(key))
    }
    return .object(filled)
  }

  private mutating func read(
    _ members: OrderedDictionary<String, JSONValue>, as variants: Variants, at pointer: JSONPointer
  ) -> JSONValue {
    let names = variants.cases.map(\.name)
    guard let name = members[variants.tag] ?? variants.standard.map(JSONValue.string) else {
      // Without its kind nothing else in the object can be judged.
      report(
        at: pointer, found: "no member \(JSONValue.quoted(variants.tag))",
        expected: "it: \(Shape.choice(names).described)")
      return .object(members)
    }
    guard case .string(let text) = name, let record = variants.record(named: text) else {
      _ = read(name, as: .choice(names), at: pointer.appending(variants.tag))
      return .object(members)
    }
    return read(members, as: record, at: pointer)
  }

  private mutating func readNamed(
    _ members: OrderedDictionary<String, JSONValue>, of element: Shape, minimum: Int, at pointer: JSONPointer
  ) -> JSONValue {
    if members.count < minimum {
      report(
        at: pointer, found: JSONValue.object(members).described,
        expected: minimum == 1 ? "at least one member" : "at least \(minimum) members")
    }
    var filled: OrderedDictionary<String, JSONValue> = [:]
    for (name, value) in members {
      if !Self.isFolderName(name) {
        report(
          at: pointer.appending(name), found: "the name \(JSONValue.quoted(name))",
          expected: Shape.folderName.described)
      }
      filled[name] = read(value, as: element, at: pointer.appending(name))
    }
    return .object(filled)
  }

  /// Whether `name` can be a folder on every file system and a word on every command line.
  private static func isFolderName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "-"), name.utf8.count <= 64 else { return false }
    return name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
  }

  // MARK: Reports

  private mutating func check(_ name: String, isOneOf names: [String], at pointer: JSONPointer) {
    guard !names.contains(name) else { return }
    report(
      at: pointer, found: JSONValue.string(name).described, expected: Shape.choice(names).described,
      suggestion: nearestName(to: name, among: names))
  }

  private mutating func report(_ value: JSONValue, at pointer: JSONPointer, expected shape: Shape) {
    report(at: pointer, found: value.described, expected: shape.described)
  }

  private mutating func report(unknown key: String, known: [String], at pointer: JSONPointer) {
    report(
      at: pointer, found: "the unknown name \(JSONValue.quoted(key))", expected: "one of \(Shape.list(known))",
      suggestion: nearestName(to: key, among: known))
  }

  private mutating func report(
    at pointer: JSONPointer, found: String, expected: String, suggestion: String? = nil
  ) {
    issues.append(
      SchemaIssue(
        place: document.place(of: pointer), pointer: pointer, found: found, expected: expected,
        suggestion: suggestion.map { JSONValue.quoted($0) }))
  }
}

extension Shape {
  /// Whether `value` is of this shape's kind, whatever its range.
  fileprivate func accepts(kindOf value: JSONValue) -> Bool {
    switch (self, value) {
    case (.boolean, .boolean), (.text, .string), (.folderName, .string), (.choice, .string): true
    case (.integer, .number), (.seed, .number), (.number, .number), (.list, .array): true
    case (.record, .object), (.variants, .object), (.named, .object), (.patch, .object), (.anything, _): true
    default: false
    }
  }
}
