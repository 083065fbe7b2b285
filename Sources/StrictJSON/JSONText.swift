import OrderedCollections

extension JSONValue {
  /// The canonical text: no white space, members sorted by the bytes of their names, numbers in their shortest form.
  ///
  /// Two values that differ only in the order of members or in how numbers were written share it, so its SHA-256
  /// identifies what a specification says and not how it was typed.
  package var canonicalText: String {
    var text = ""
    writeCanonical(to: &text)
    return text
  }

  private func writeCanonical(to text: inout String) {
    switch self {
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.writeCanonical(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      let names = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for (index, name) in names.enumerated() {
        if index > 0 { text += "," }
        text += JSONValue.quoted(name) + ":"
        members[name]?.writeCanonical(to: &text)
      }
      text += "}"
    default:
      text += scalarText
    }
  }

  /// The text for people: two spaces a level, members in their own order, short lists and objects on one line.
  package var indentedText: String {
    var text = ""
    writeIndented(to: &text, indentation: "")
    return text + "\n"
  }

  private func writeIndented(to text: inout String, indentation: String) {
    let oneLine = singleLineText
    if oneLine.count + indentation.count <= 100, isFlat {
      text += oneLine
      return
    }
    let inner = indentation + "  "
    switch self {
    case .array(let elements):
      text += "[\n"
      for (index, element) in elements.enumerated() {
        text += inner
        element.writeIndented(to: &text, indentation: inner)
        text += index + 1 < elements.count ? ",\n" : "\n"
      }
      text += indentation + "]"
    case .object(let members):
      text += "{\n"
      for (index, (name, value)) in members.enumerated() {
        text += inner + JSONValue.quoted(name) + ": "
        value.writeIndented(to: &text, indentation: inner)
        text += index + 1 < members.count ? ",\n" : "\n"
      }
      text += indentation + "}"
    default:
      text += scalarText
    }
  }

  /// Whether nothing in here is a non-empty object, beyond a list of plain values.
  private var isFlat: Bool {
    switch self {
    case .array(let elements): elements.allSatisfy { $0.isScalar }
    case .object(let members): members.count <= 6 && members.values.allSatisfy { $0.isScalar }
    default: true
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// The whole value on one line, members in their own order, a space after each comma and colon.
  package var singleLineText: String {
    switch self {
    case .array(let elements):
      "[" + elements.map(\.singleLineText).joined(separator: ", ") + "]"
    case .object(let members):
      members.isEmpty
        ? "{}"
        : "{ " + members.map { "\(JSONValue.quoted($0)): \($1.singleLineText)" }.joined(separator: ", ") + " }"
    default:
      scalarText
    }
  }

  private var scalarText: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): "\(number)"
    case .string(let text): JSONValue.quoted(text)
    case .array, .object: preconditionFailure("a list or an object has no scalar text")
    }
  }

  /// `text` as a JSON string, escaping no more than RFC 8259 demands.
  package static func quoted(_ text: some StringProtocol) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
