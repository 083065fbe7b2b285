/// One fault: where it is, what stands there and what should.
package struct SchemaIssue: Sendable, Hashable, CustomStringConvertible {
  /// The file with line and column, or the option; nil where nothing was written at all.
  package var place: Place?
  package var pointer: JSONPointer
  /// What was found, as a phrase that follows the word "found".
  package var found: String
  /// What was expected, as a phrase that follows the word "expected".
  package var expected: String
  /// What was probably meant.
  package var suggestion: String?

  package init(
    place: Place? = nil, pointer: JSONPointer = .root, found: String, expected: String, suggestion: String? = nil
  ) {
    self.place = place
    self.pointer = pointer
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }

  package var description: String {
    var text = place.map { "\($0): " } ?? ""
    if !pointer.tokens.isEmpty { text += "\(pointer): " }
    text += "found \(found); expected \(expected)"
    if let suggestion { text += ". Did you mean \(suggestion)?" }
    return text
  }
}
