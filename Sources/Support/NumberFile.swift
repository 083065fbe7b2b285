import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file of one 64-bit number that is overwritten in place, cheaply enough for every step of a loop: what a process that
/// dies leaves behind about where it was.
package final class NumberFile: Sendable {
  private let descriptor: Int32

  /// Makes the file, empty until the first number.
  package init(_ path: String) throws(Fault) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writing(path) }
  }

  deinit { close(descriptor) }

  /// Notes a number. Not brought to the disk: it is for the death of a process, not for a power cut.
  package func set(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// The number in the file at `path`; nil where there is none.
  package static func number(at path: String) -> Int? {
    guard let bytes = try? WholeFile.read(path), bytes.count == 8 else { return nil }
    return Int(Int64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }))
  }
}
