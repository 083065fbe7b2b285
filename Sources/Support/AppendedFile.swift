import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file that only grows: a journal.
package enum AppendedFile {
  /// Adds a text at the end of a file, which is made where there is none. A whole line in one call is never mixed with
  /// another writer's.
  package static func append(_ text: String, to path: String) throws(Fault) {
    let descriptor = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writing(path) }
    defer { close(descriptor) }
    let isWritten = Array(text.utf8).withUnsafeBytes { writeAll($0, to: descriptor) }
    if !isWritten { throw .writing(path) }
  }
}
