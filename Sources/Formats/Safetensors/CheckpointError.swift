/// What can be wrong with a file of weights.
public enum CheckpointError: Error, CustomStringConvertible, Equatable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String, diskFull: Bool)
  case malformed(path: String, place: String, reason: String)
  case missing(path: String, names: [String])
  /// Every tensor that does not fit, one sentence each.
  case mismatch(path: String, problems: [String])

  /// The file, what was found and what was expected, in a sentence.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
    case .unwritable(let path, let reason, _): "\(path): cannot be written: \(reason)."
    case .malformed(let path, let place, let reason): "\(path): malformed at \(place): \(reason)."
    case .missing(let path, let names): "\(path): missing: \(names.joined(separator: ", "))."
    case .mismatch(let path, let problems):
      "\(path): does not fit:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
  }

  /// Whether the disk ran full, which stops a run cleanly instead of failing it.
  public var isDiskFull: Bool {
    if case .unwritable(_, _, true) = self { return true }
    return false
  }
}
