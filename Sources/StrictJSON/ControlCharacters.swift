import LineupSupport
import OrderedCollections

extension JSONDocument {
  /// Every name and text that holds a control character, as a fault of the place where it was written: no text that comes
  /// from outside may steer a terminal or break out of what it is put into.
  package var controlCharacterIssues: [SchemaIssue] {
    var issues: [SchemaIssue] = []
    collect(value, at: .root, into: &issues)
    return issues
  }

  private func collect(_ value: JSONValue, at pointer: JSONPointer, into issues: inout [SchemaIssue]) {
    func note(_ text: String, _ kind: String, at pointer: JSONPointer) {
      guard let control = text.firstControl else { return }
      issues.append(
        SchemaIssue(
          place: place(of: pointer), pointer: pointer,
          found: "the control character \(control.codePoint) in \(kind) \(JSONValue.quoted(text.prefix(60)))",
          expected: "a text without control characters"))
    }
    switch value {
    case .string(let text): note(text, "the text", at: pointer)
    case .array(let elements):
      for (index, element) in elements.enumerated() { collect(element, at: pointer.appending(index), into: &issues) }
    case .object(let members):
      for (name, member) in members {
        let inner = pointer.appending(name)
        note(name, "the name", at: inner)
        collect(member, at: inner, into: &issues)
      }
    case .null, .boolean, .number: break
    }
  }
}
