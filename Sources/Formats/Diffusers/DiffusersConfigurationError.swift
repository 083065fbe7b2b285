import LineupStrictJSON

/// What can be wrong with a `config.json`.
package enum DiffusersConfigurationError: Error, CustomStringConvertible, Equatable {
  /// A setting that does not fit.
  package struct Problem: Sendable, Equatable, CustomStringConvertible {
    /// Line and column; nil where the file says nothing about the key.
    package var place: Place?
    package var key: String
    package var found: String
    package var expected: String
    /// Whether the class has no such key, which other programs pass over with a warning.
    package var isUnknownKey = false

    package var description: String {
      (place.map { "\($0): " } ?? "") + "\(key): found \(found), expected \(expected)"
    }
  }

  case unreadable(path: String, reason: String)
  /// A text that is not JSON, or no object.
  case malformed(place: Place, found: String, expected: String)
  /// Every setting that does not fit.
  case unfit(path: String, problems: [Problem])

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
    case .malformed(let place, let found, let expected): "\(place): found \(found), expected \(expected)."
    case .unfit(let path, let problems):
      "\(path): cannot be honoured:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
  }
}
