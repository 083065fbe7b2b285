/// The way from the root of a JSON text to one value in it, as in RFC 6901: `/arms/gan/batchSize`.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// Names of members and indices of elements, outermost first.
  package var tokens: [String]

  package init(_ tokens: [String] = []) {
    self.tokens = tokens
  }

  package static let root = JSONPointer()

  package func appending(_ token: String) -> JSONPointer {
    JSONPointer(tokens + [token])
  }

  package func appending(_ index: Int) -> JSONPointer {
    JSONPointer(tokens + [String(index)])
  }

  /// The pointer one step closer to the root.
  package var parent: JSONPointer {
    JSONPointer(tokens.dropLast())
  }

  /// The text of RFC 6901; the root, whose text there is empty, reads `/`.
  package var description: String {
    if tokens.isEmpty { return "/" }
    return tokens.map { token in
      "/"
        + token.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
        .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }.joined()
  }
}

/// Where a value was written: a file with line and column, or an option of the command line.
package struct Place: Sendable, Hashable, CustomStringConvertible {
  /// The file's path, or the option as it was typed.
  package var source: String
  /// Counted from 1; nil for an option.
  package var line: Int?
  /// Counted from 1 in characters; nil for an option.
  package var column: Int?

  package init(source: String, line: Int? = nil, column: Int? = nil) {
    self.source = source
    self.line = line
    self.column = column
  }

  package var description: String {
    guard let line, let column else { return source }
    return "\(source):\(line):\(column)"
  }
}
