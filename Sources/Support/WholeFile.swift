import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Reading whole files.
package enum WholeFile {
  /// All bytes of a regular file. Anything else of that name is a fault: a folder is named as such, and a pipe, which
  /// would let the reader wait for ever, is not read.
  package static func read(_ path: String) throws(Fault) -> [UInt8] {
    let (descriptor, size) = try open(path)
    defer { close(descriptor) }
    // The kernel's own files (/proc) say that they are empty, so the size is only a guess.
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var filled = 0
    while true {
      let count = bytes.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .reading(path) }
      filled += count
      if count == 0 {
        bytes.removeLast(bytes.count - filled)
        return bytes
      }
      if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: 65_536)) }
    }
  }

  /// The first bytes of a regular file, fewer where it has no more.
  package static func beginning(_ path: String, count: Int) throws(Fault) -> [UInt8] {
    let (descriptor, _) = try open(path)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
    guard read >= 0 else { throw .reading(path) }
    return Array(bytes.prefix(read))
  }

  /// All bytes of a regular file that may not be larger than a limit; nothing of a larger one is read.
  package static func read(_ path: String, atMost limit: Int) throws(Fault) -> [UInt8] {
    let (descriptor, size) = try open(path)
    close(descriptor)
    guard size <= limit else { throw .malformed(path, found: "\(size) bytes", expected: "at most \(limit) bytes") }
    return try read(path)
  }

  /// A descriptor to read a regular file by, which the caller closes, and the file's size in bytes. Anything else of that
  /// name is a fault, as in ``read(_:)``.
  package static func open(_ path: String) throws(Fault) -> (descriptor: Int32, size: Int) {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .reading(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      defer { close(descriptor) }
      throw .reading(path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let found = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device"
      throw Fault(.unreadable, file: path, found: found, expected: "a file")
    }
    return (descriptor, Int(status.st_size))
  }

  /// A text file; bytes that are not UTF-8 become replacement characters.
  package static func text(_ path: String) throws(Fault) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }
}

extension Fault {
  /// That a file cannot be read, as `errno` has it.
  static func reading(_ path: String) -> Fault {
    let code = errno
    if code == ENOENT || code == ENOTDIR { return Fault(.missing, file: path) }
    return Fault(.unreadable, file: path, cause: String(cString: strerror(code)))
  }

  /// That a file or folder cannot be written, as `errno` has it.
  static func writing(_ path: String) -> Fault {
    let code = errno
    return Fault(
      [ENOSPC, EDQUOT, EFBIG].contains(code) ? .diskFull : .unwritable, file: path,
      cause: String(cString: strerror(code)))
  }
}
