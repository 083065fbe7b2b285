import Foundation
import LineupNetworks
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// Writes safetensors files.
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

  /// Adds a SHA-256 of each tensor and one of everything to the metadata; nothing may be added afterwards.
  package mutating func seal() {
    for field in fields {
      var hash = SHA256()
      field.bytes.withUnsafeBytes { hash.update($0) }
      metadata[SafetensorsSeal.name(of: field.name)] = hash.hexadecimalDigest()
    }
    metadata[SafetensorsSeal.whole] = SafetensorsSeal.digest(
      of: metadata, fields.map { (name: $0.name, dtype: $0.dtype, shape: $0.shape) })
  }

  /// The file's bytes: entries in the order they were added, wide types first, after a header padded to 8 bytes.
  package func encoded() -> Data { parts().reduce(into: Data()) { $0.append($1) } }

  /// Writes the file, whole or not at all.
  package func write(to path: String) throws(Fault) {
    let file = try DurableFile(path)
    for part in parts() { try file.write(part) }
    try file.commit()
  }

  /// The header with its length, then each tensor.
  private func parts() -> [Data] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(JSONValue.quoted($0.key)):\(JSONValue.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    // Wide types first keeps every tensor aligned.
    let ordered = fields.filter { $0.dtype == "I64" } + fields.filter { $0.dtype != "I64" }
    for field in ordered {
      let shape = field.shape.map(String.init).joined(separator: ",")
      let end = offset + field.bytes.count
      members.append(
        "\(JSONValue.quoted(field.name)):{\"dtype\":\"\(field.dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var header = Data("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    return [length + header] + ordered.map(\.bytes)
  }
}
