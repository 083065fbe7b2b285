import Foundation
import LineupStrictJSON

/// The pairs of a line "key: value, key: value", where a value with commas or colons is a JSON string.
struct A1111Line {
  /// As they stand in the line.
  private(set) var values: [String: String] = [:]
  /// In the line's order.
  private(set) var keys: [String] = []

  init(_ line: String) {
    var rest = Substring(line)
    while !rest.isEmpty {
      let key = rest.prefix { $0 != ":" && $0 != "," }
      rest = rest[key.endIndex...]
      // What is no pair is part of a value that nobody quoted.
      guard rest.popFirst() == ":" else { continue }
      rest = rest.drop { $0 == " " }
      let quoted = rest.hasPrefix("\"") ? Self.takeString(&rest) : ""
      let plain = rest.prefix { $0 != "," }
      rest = rest[plain.endIndex...].dropFirst()
      let name = key.trimmingCharacters(in: .whitespaces)
      if values.updateValue(quoted + plain.trimmingCharacters(in: .whitespaces), forKey: name) == nil {
        keys.append(name)
      }
    }
  }

  /// A value without its quotation marks; nil where there is none, or where they do not close.
  func text(_ key: String) -> String? {
    guard let value = values[key], value.hasPrefix("\"") else { return values[key] }
    return try? JSONDocument(reading: Array(value.utf8), source: key).value.text
  }

  /// Takes what stands from here to the next quotation mark that is not escaped.
  private static func takeString(_ rest: inout Substring) -> String {
    var isEscaped = true
    let end = rest.firstIndex { character in
      defer { isEscaped = character == "\\" && !isEscaped }
      return character == "\"" && !isEscaped
    }
    let text = end.map { rest[...$0] } ?? rest
    rest = rest[text.endIndex...]
    return String(text)
  }
}
