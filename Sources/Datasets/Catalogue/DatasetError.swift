import LineupSupport

/// What can be wrong with data on disk or with a request for it.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A file or folder is not there. `advice` says what to do.
  case missing(path: String, advice: String)
  /// A file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// A file does not hold what it should. `place` is a byte offset or a field in words.
  case malformed(path: String, place: String, found: String, expected: String)
  /// No data set goes by this name.
  case unknownName(String, nearest: String?)
  /// A field of the request cannot be served.
  case unsuitable(field: String, found: String, expected: String)

  /// What a picture's error is in terms of a data set.
  init(_ error: FileError) {
    self =
      switch error {
      case .unreadable(let path, let reason), .unwritable(let path, let reason):
        .unreadable(path: path, reason: reason)
      case .malformed(let path, let found, let expected):
        .malformed(path: path, place: "the whole file", found: found, expected: expected)
      }
  }

  /// What was found and what was expected, in a sentence.
  public var description: String {
    switch self {
    case .missing(let path, let advice):
      "\(path) does not exist: \(advice)"
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .malformed(let path, let place, let found, let expected):
      "\(path), \(place): found \(found), expected \(expected)"
    case .unknownName(let name, let nearest):
      "there is no data set \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        + " (`lineup data list` shows all)"
    case .unsuitable(let field, let found, let expected):
      "data.\(field): found \(found), expected \(expected)"
    }
  }
}
