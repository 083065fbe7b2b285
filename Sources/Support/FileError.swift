/// What can be wrong with a picture or an archive on disk.
package enum FileError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or read.
  case unreadable(path: String, reason: String)
  /// The file was read but is not what it should be.
  case malformed(path: String, found: String, expected: String)
  /// The file cannot be written; an older file of that name is unharmed.
  case unwritable(path: String, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .malformed(let path, let found, let expected): "\(path): found \(found), expected \(expected)"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    }
  }
}
