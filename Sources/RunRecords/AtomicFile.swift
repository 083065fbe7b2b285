import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file that is prepared under another name and takes its place in one step, so that nobody ever sees half of it.
enum AtomicFile {
  /// The name under which the file that will be `path` is prepared. One writer a run, so one name is enough; what a
  /// killed process left there is overwritten.
  static func preparation(of path: String) -> String { path + ".partial" }

  /// Brings the prepared file to the disk and gives it its name.
  static func install(_ path: String) throws(RecordError) {
    let prepared = preparation(of: path)
    try synchronize(prepared)
    guard rename(prepared, path) == 0 else { throw failure(path) }
    let folder = (path as NSString).deletingLastPathComponent
    try synchronize(folder.isEmpty ? "." : folder)
  }

  static func discard(_ path: String) {
    unlink(preparation(of: path))
  }

  private static func synchronize(_ path: String) throws(RecordError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    // Some file systems cannot synchronise folders and say so; that is not our business.
    if fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP { throw failure(path) }
  }

  private static func failure(_ path: String) -> RecordError {
    recordError(
      .writing, Place(file: path, object: "the file"), number: errno, reason: String(cString: strerror(errno)))
  }
}
