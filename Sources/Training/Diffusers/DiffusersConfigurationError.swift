/// What can be wrong with a `config.json`.
public enum DiffusersConfigurationError: Error, CustomStringConvertible, Equatable {
  /// A setting that does not fit.
  public struct Problem: Sendable, Equatable, CustomStringConvertible {
    public var key: String
    public var found: String
    public var expected: String

    public var description: String { "\(key): found \(found), expected \(expected)" }
  }

  case unreadable(path: String, reason: String)
  case malformed(path: String, place: String, reason: String)
  /// Every setting that does not fit.
  case unfit(path: String, problems: [Problem])

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
    case .malformed(let path, let place, let reason): "\(path): malformed at \(place): \(reason)."
    case .unfit(let path, let problems):
      "\(path): cannot be honoured:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
  }
}
