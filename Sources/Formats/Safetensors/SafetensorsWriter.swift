import Foundation
import LineupNetworks
import LineupTensors

/// Writes safetensors files: a temporary name, fsync, rename, so that a file under its final name is always whole.
package struct SafetensorsWriter {
  private var fields: [(name: String, dtype: String, shape: [Int], bytes: Data)] = []
  /// Texts for the header, by name.
  package var metadata: [String: String] = [:]

  /// A file of no tensors.
  package init() {}

  /// Adds a tensor as F32; a name may come once.
  package mutating func add(_ name: String, _ tensor: Tensor) {
    let bytes = tensor.withValues { Data(buffer: $0) }
    fields.append((name, "F32", tensor.shape, bytes))
  }

  /// Integers, kept exactly as I64.
  package mutating func add(_ name: String, integers: [Int]) {
    let bytes = integers.withUnsafeBufferPointer { Data(buffer: $0) }
    fields.append((name, "I64", [integers.count], bytes))
  }

  /// The file's bytes: entries in the order they were added, after a header padded to 8 bytes.
  package func encoded() -> Data {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    // Wide types first keeps every tensor aligned.
    let ordered = fields.filter { $0.dtype == "I64" } + fields.filter { $0.dtype != "I64" }
    for field in ordered {
      let shape = field.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(quoted(field.name)):{\"dtype\":\"\(field.dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(offset + field.bytes.count)]}"
      )
      offset += field.bytes.count
    }
    var header = Data("{\(parts.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var file = Data()
    file.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(header)
    for field in ordered { file.append(field.bytes) }
    return file
  }

  /// Writes the file atomically.
  package func write(to path: String) throws(CheckpointError) { try writeAtomically(encoded(), to: path) }
}

/// A JSON string literal.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

/// Writes bytes under a temporary name beside `path`, syncs them to the disk and renames.
package func writeAtomically(_ data: Data, to path: String) throws(CheckpointError) {
  let temporary = path + ".partial"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  func fail() -> CheckpointError {
    let code = errno
    unlink(temporary)
    return .unwritable(path: path, reason: String(cString: strerror(code)), diskFull: code == ENOSPC || code == EDQUOT)
  }
  guard descriptor >= 0 else { throw fail() }
  var written = 0
  while written < data.count {
    let amount = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
    if amount < 0 {
      if errno == EINTR { continue }
      let error = fail()
      close(descriptor)
      throw error
    }
    written += amount
  }
  guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else { throw fail() }
}
