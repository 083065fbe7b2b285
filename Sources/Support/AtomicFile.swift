import Foundation

/// Writing whole files so that a reader sees the old bytes or the new ones, never a part.
package enum AtomicFile {
  /// Writes to a temporary name in the same folder, flushes to the disk, and renames.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = "\(path).\(getpid()).partial"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress! + written, bytes.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw abandon(file, temporary, path) }
      written += count
    }
    guard fsync(file) == 0 else { throw abandon(file, temporary, path) }
    // Some file systems report a full disk only here.
    guard close(file) == 0, rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  /// The whole file.
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .unreadable(path: path, reason: reason(of: error))
    }
  }

  /// The system's words where there are some; Foundation's own are long-winded.
  private static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return (error as NSError).code == CocoaError.fileReadNoSuchFile.rawValue
      ? String(cString: strerror(ENOENT)) : "\((error as NSError).localizedDescription)"
  }

  private static func failure(_ path: String) -> FileError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }

  private static func abandon(_ file: Int32, _ temporary: String, _ path: String) -> FileError {
    let error = failure(path)
    close(file)
    unlink(temporary)
    return error
  }
}
