import LineupFormats
import LineupStrictJSON
import OrderedCollections

/// One `--set dotted.path=JSON` of a command line.
package struct Override: Sendable {
  /// The option's argument as it was typed.
  package let text: String
  /// What the places of its values begin with.
  static let source = "--set "
  let document: JSONDocument

  /// What is wrong with the argument itself, as a sentence.
  package struct Malformed: Error, CustomStringConvertible, Sendable {
    package let description: String
  }

  /// - Parameter text: a path of names with dots between them, an equals sign, and JSON. A plain word that is not JSON
  ///   is taken as text, so that quotes need no escaping in a shell.
  package init(_ text: String) throws(Malformed) {
    self.text = text
    guard let equals = text.firstIndex(of: "=") else {
      throw Malformed(
        description: "--set needs a path, an equals sign and a value, such as budget.flops=5e12; got \(text)")
    }
    let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw Malformed(description: "--set needs a name between all dots, such as arms.gan.batchSize=32; got \(text)")
    }
    // The same depth as a file may have; deeper values would overflow the stack.
    guard path.count <= 100 else {
      throw Malformed(description: "--set takes at most 100 names in a path; got \(path.count)")
    }
    if let first = path.first, SpecificationSchema.topOnly.contains(first) {
      throw Malformed(description: "--set comes after extends and profiles and cannot change \(first)")
    }
    let value = try Self.value(String(text[text.index(after: equals)...]))

    let source = Self.source + text
    var places: [JSONPointer: Place] = [:]
    var wrapped = value.value
    for pointer in value.places.keys {
      places[JSONPointer(path + pointer.tokens)] = Place(source: source)
    }
    for name in path.reversed() { wrapped = .object([name: wrapped]) }
    document = JSONDocument(value: wrapped, places: places)
  }

  private static func value(_ text: String) throws(Malformed) -> JSONDocument {
    let start = text.unicodeScalars.first
    let isWord =
      start?.properties.isAlphabetic == true
      && text.allSatisfy { $0.isLetter || $0.isNumber || "-_./".contains($0) }
    if isWord, !["true", "false", "null"].contains(text) {
      return JSONDocument(value: .string(text), places: [.root: Place(source: text)])
    }
    let parsed: (document: JSONDocument, duplicates: [JSONParser.Duplicate])
    do {
      parsed = try JSONParser.parse(Array(text.utf8), source: text)
    } catch {
      throw Malformed(
        description: "--set needs JSON after the equals sign: found \(error.found) at character "
          + "\(error.place.column ?? 1) of \(text.isEmpty ? "an empty value" : text); expected \(error.expected)")
    }
    if let twice = parsed.duplicates.first {
      throw Malformed(description: "--set gives \(twice.pointer) twice in \(text)")
    }
    return parsed.document
  }
}
