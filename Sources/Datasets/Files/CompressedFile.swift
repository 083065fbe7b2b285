import CLineupZlib
import Foundation
import LineupSupport

/// A file that is read from its beginning on, unpacked where it begins as gzip does and unchanged otherwise.
package final class CompressedFile {
  private let path: String
  private let file: gzFile
  /// How many bytes the file itself has.
  package let packedSize: Int
  /// The most bytes that may come out of it.
  package var limit: Int { Unpacking.limit(packed: packedSize) }
  private var position = 0

  /// - Parameter missingAdvice: what the error says when there is no such file.
  package init(_ path: String, missingAdvice: String) throws(Fault) {
    self.path = path
    let descriptor: Int32
    do {
      (descriptor, packedSize) = try WholeFile.open(path)
    } catch {
      var fault = error
      if fault.kind == .missing { fault.cause = missingAdvice }
      throw fault
    }
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .unreadable(path, "there is no memory to unpack it")
    }
    self.file = file
    gzbuffer(file, 1 << 18)
  }

  deinit { gzclose(file) }

  /// All bytes of a file.
  package static func read(_ path: String, missingAdvice: String) throws(Fault) -> [UInt8] {
    let file = try CompressedFile(path, missingAdvice: missingAdvice)
    let bytes = try file.read(file.limit)
    guard try file.read(1).isEmpty else {
      throw .malformed(
        path, place: "byte \(bytes.count) unpacked", found: "more bytes in a file of \(file.packedSize)",
        expected: "the end: real data are never packed to so few")
    }
    return bytes
  }

  /// The next bytes, fewer where the file ends before. Memory is taken as they come.
  package func read(_ count: Int) throws(Fault) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let filled = bytes.count
      let part = min(count - filled, max(1 << 20, filled))
      bytes += [UInt8](repeating: 0, count: part)
      let read = try checked(
        bytes.withUnsafeMutableBytes { gzread(file, $0.baseAddress! + filled, UInt32(min(part, 1 << 30))) })
      bytes.removeLast(part - read)
      position += read
      if read == 0 { break }
    }
    return bytes
  }

  /// How many bytes a call has read, 0 at the end, or what went wrong.
  private func checked(_ count: Int32) throws(Fault) -> Int {
    // A file cut short gives its last bytes first and the error afterwards.
    var code: Int32 = Z_OK
    let message = gzerror(file, &code).map { String(cString: $0) } ?? ""
    if code == Z_BUF_ERROR {
      throw .malformed(
        path, place: "byte \(position + max(0, Int(count))) unpacked", found: "the end of the file",
        expected: "more compressed data; the file was cut short")
    }
    guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
      throw .malformed(
        path, place: "byte \(position) unpacked", found: "damaged gzip data (\(message))", expected: "valid gzip data")
    }
    return Int(count)
  }
}
