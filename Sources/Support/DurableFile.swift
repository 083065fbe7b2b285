import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file that is written under a temporary name and takes its own in one step, so that a reader sees the old bytes or
/// the new ones, never a part, also after a power cut.
///
/// The temporary name is opened exclusively, so that a link laid there is never followed, and is locked as long as its
/// process lives: what is not locked was left by a process that died, and is deleted.
package final class DurableFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  /// Begins a file that will be `path`; nothing is there under that name before ``commit()``.
  package init(_ path: String) throws(Fault) {
    self.path = path
    for name in Self.temporaryNames(of: path) { Self.deleteLeftover(name) }
    for name in Self.temporaryNames(of: path) {
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
      guard file >= 0 else {
        if errno == EEXIST { continue }
        throw .writing(path)
      }
      // Someone who sweeps may have come between the two calls; then the name is gone, and the next one serves.
      var status = stat()
      if flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &status) == 0, status.st_nlink == 1 {
        (temporary, descriptor) = (name, file)
        return
      }
      close(file)
    }
    throw Fault(
      .unwritable, file: path, found: "something under every name such as \(path).partial",
      expected: "a free name to write under")
  }

  deinit {
    guard descriptor >= 0 else { return }
    unlink(temporary)
    close(descriptor)
  }

  /// Adds bytes at the end.
  package func write(_ bytes: some ContiguousBytes) throws(Fault) {
    let isWritten = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    if !isWritten { throw .writing(path) }
  }

  /// Brings everything to the disk and gives the file its name. Nothing can be added afterwards.
  package func commit() throws(Fault) {
    // Some file systems report a full disk only here.
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw .writing(path) }
    close(descriptor)
    descriptor = -1
    try Self.synchronizeFolder(of: path)
  }

  /// Writes a whole file.
  package static func write(_ bytes: some ContiguousBytes, to path: String) throws(Fault) {
    let file = try DurableFile(path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole text file in UTF-8.
  package static func write(_ text: String, to path: String) throws(Fault) { try write(Array(text.utf8), to: path) }

  /// Gives a file that another library made at `prepared` its name, after bringing it to the disk.
  package static func install(_ prepared: String, as path: String) throws(Fault) {
    try synchronize(prepared)
    guard rename(prepared, path) == 0 else { throw .writing(path) }
    try synchronizeFolder(of: path)
  }

  /// Deletes what another library was preparing, or a link of that name.
  package static func discard(_ prepared: String) { unlink(prepared) }

  /// Deletes what dead processes left in a folder.
  package static func sweep(_ folder: String) {
    for name in Folder.names(in: folder) where name.hasSuffix(".partial") { deleteLeftover("\(folder)/\(name)") }
  }

  /// As many writers of one path as anyone has at once.
  private static func temporaryNames(of path: String) -> [String] {
    ["\(path).partial"] + (1..<8).map { "\(path).\($0).partial" }
  }

  private static func deleteLeftover(_ name: String) {
    let file = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(name) }
  }

  private static func synchronizeFolder(of path: String) throws(Fault) {
    let folder = (path as NSString).deletingLastPathComponent
    try synchronize(folder.isEmpty ? "." : folder)
  }

  private static func synchronize(_ path: String) throws(Fault) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(path) }
    defer { close(descriptor) }
    // Some file systems cannot synchronise folders and say so; that is not our business.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw .writing(path) }
  }
}

/// Writes all bytes, however many calls that takes. On failure `errno` says why.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let count = Foundation.write(descriptor, part.baseAddress, part.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
