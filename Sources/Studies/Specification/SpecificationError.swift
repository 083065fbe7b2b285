import LineupStrictJSON

/// Everything that is wrong with a specification, found in one reading.
package struct SpecificationError: Error, CustomStringConvertible, Sendable {
  /// One fault: where it is, what stands there and what should.
  package typealias Issue = SchemaIssue

  /// In the order of the files' lines.
  package var issues: [Issue]

  package init(_ issues: [Issue]) {
    self.issues = issues
  }

  package var description: String {
    issues.map(\.description).joined(separator: "\n")
  }
}

extension SpecificationError {
  /// A text that is not JSON.
  init(_ error: JSONParser.SyntaxError) {
    self.init([Issue(place: error.place, found: error.found, expected: error.expected)])
  }
}

extension JSONDocument {
  /// Reads strict JSON. A name written twice is an error like any other.
  ///
  /// - Parameter source: the path or option that the bytes come from; it goes into places and errors.
  package init(parsing bytes: [UInt8], source: String) throws(SpecificationError) {
    let parsed: (document: JSONDocument, duplicates: [JSONParser.Duplicate])
    do {
      parsed = try JSONParser.parse(bytes, source: source)
    } catch {
      throw SpecificationError(error)
    }
    guard parsed.duplicates.isEmpty else { throw SpecificationError(parsed.duplicates.map(\.issue)) }
    self = parsed.document
  }
}

extension JSONParser.Duplicate {
  /// The duplicate as a fault.
  var issue: SpecificationError.Issue {
    SpecificationError.Issue(
      place: second, pointer: pointer, found: "this name a second time, after line \(first.line ?? 0)",
      expected: "each name once")
  }
}
