import CLineupZlib
import Foundation
import LineupSupport

/// Reading whole files, gzip-compressed or plain.
package enum CompressedFile {
  /// The file's bytes, unpacked where they begin as gzip does and unchanged otherwise.
  ///
  /// - Parameter missingAdvice: what the error says when there is no such file.
  package static func read(_ path: String, missingAdvice: String) throws(Fault) -> [UInt8] {
    let descriptor: Int32
    do {
      descriptor = try WholeFile.open(path).descriptor
    } catch {
      var fault = error
      if fault.kind == .missing { fault.cause = missingAdvice }
      throw fault
    }
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .unreadable(path, "there is no memory to unpack it")
    }
    defer { gzclose(file) }
    gzbuffer(file, 1 << 18)

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = gzread(file, &chunk, UInt32(chunk.count))
      if count > 0 { bytes.append(contentsOf: chunk[..<Int(count)]) }
      // A file cut short gives its last bytes first and the error afterwards.
      var code: Int32 = Z_OK
      let message = gzerror(file, &code).map { String(cString: $0) } ?? ""
      if code == Z_BUF_ERROR {
        throw .malformed(
          path, place: "byte \(bytes.count) unpacked", found: "the end of the file",
          expected: "more compressed data; the file was cut short")
      }
      guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
        throw .malformed(
          path, place: "byte \(bytes.count) unpacked", found: "damaged gzip data (\(message))",
          expected: "valid gzip data")
      }
      if count == 0 { return bytes }
    }
  }
}
