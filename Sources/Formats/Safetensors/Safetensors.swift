import Foundation
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// A file in the safetensors format: an 8-byte little-endian header length, a JSON header, then packed little-endian
/// values. All dtypes are read; half precision is converted to `Float`.
public struct SafetensorsFile: TensorSource {
  /// What the header says of one tensor.
  public typealias Entry = TensorEntry

  /// Where the file is.
  public let path: String
  /// In order of their offsets.
  public let entries: [Entry]
  /// The free string map of the header.
  public let metadata: [String: String]
  private let file: MappedFile
  private let bodyStart: Int
  private let indexByName: [String: Int]

  /// The bytes each dtype takes.
  static let sizes: [String: Int] = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
    "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
  ]

  /// Fifty times as many as the largest networks have.
  private static let mostTensors = 100_000

  /// Opens and checks a file; the values are mapped, not read.
  public init(path: String) throws(Fault) {
    self.path = path
    file = try MappedFile(path: path)
    let data = file.bytes
    guard data.count >= 8 else {
      throw .malformed(path, place: "byte 0", found: "a file of \(data.count) bytes", expected: "8 bytes at least")
    }
    let length = UInt64(littleEndian: data.loadUnaligned(as: UInt64.self))
    guard length <= 100_000_000, Int(length) <= data.count - 8 else {
      throw .malformed(
        path, place: "byte 0", found: "a header of \(length) bytes and \(data.count - 8) bytes after its length",
        expected: "a header within the file: this is a truncated file, or no safetensors file")
    }
    bodyStart = 8 + Int(length)
    let header = Array(data[8..<bodyStart])
    (entries, metadata) = try Self.parse(header, path: path, bodyCount: data.count - bodyStart)
    indexByName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  private static func parse(
    _ header: [UInt8], path: String, bodyCount: Int
  ) throws(Fault) -> ([Entry], [String: String]) {
    let malformed = { (place: String, cause: String) in
      Fault(.malformed, file: path, place: place, cause: cause)
    }
    let json: JSONValue
    do {
      json = try JSONDocument(reading: header, source: path).value
    } catch {
      throw .malformed(path, place: "the header", found: error.found ?? "\(error)", expected: error.expected ?? "JSON")
    }
    guard case .object = json else {
      throw .malformed(path, place: "the header", found: json.described, expected: "an object of tensors")
    }
    guard json.keys.count <= mostTensors else {
      throw .malformed(
        path, place: "the header", found: "\(json.keys.count) tensors", expected: "\(mostTensors) at most")
    }
    var entries: [Entry] = []
    for name in json.keys where name != "__metadata__" {
      guard let fields = json[name], let dtype = fields["dtype"]?.text, let shape = integers(fields["shape"]),
        let offsets = integers(fields["data_offsets"]), offsets.count == 2
      else { throw malformed("tensor \(name)", "its entry must have dtype, shape and data_offsets") }
      guard let size = sizes[dtype] else { throw malformed("tensor \(name)", "the dtype \(dtype) is not known") }
      guard shape.allSatisfy({ $0 >= 0 }) else { throw malformed("tensor \(name)", "the shape \(shape) is negative") }
      var count = size
      for extent in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard !overflow else { throw malformed("tensor \(name)", "the shape \(shape) is too large") }
        count = product
      }
      guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] - offsets[0] == count else {
        throw malformed(
          "tensor \(name)", "bytes \(offsets[0])–\(offsets[1]) do not hold \(count) bytes of \(dtype) \(shape)")
      }
      guard offsets[1] <= bodyCount else {
        throw malformed(
          "tensor \(name)",
          "it ends at byte \(offsets[1]) of the values, but the file ends at byte \(bodyCount): it is truncated")
      }
      entries.append(Entry(name: name, dtype: dtype, shape: shape, offsets: offsets[0]..<offsets[1]))
    }
    entries.sort {
      ($0.offsets.lowerBound, $0.offsets.upperBound, $0.name) < ($1.offsets.lowerBound, $1.offsets.upperBound, $1.name)
    }
    var end = 0
    for entry in entries {
      guard entry.offsets.lowerBound == end else {
        throw malformed(
          "tensor \(entry.name)",
          "it begins at byte \(entry.offsets.lowerBound), expected \(end): values overlap or leave a hole")
      }
      end = entry.offsets.upperBound
    }
    guard end == bodyCount else {
      throw malformed("byte \(end) of the values", "\(bodyCount - end) bytes belong to no tensor")
    }
    let texts = json["__metadata__"]
    var metadata: [String: String] = [:]
    for key in texts?.keys ?? [] { metadata[key] = texts?[key]?.text }
    return (entries, metadata)
  }

  private static func integers(_ list: JSONValue?) -> [Int]? {
    guard let elements = list?.elements else { return nil }
    let numbers = elements.compactMap(\.integer)
    return numbers.count == elements.count ? numbers : nil
  }

  /// Whether the file has a tensor of that name.
  public func contains(_ name: String) -> Bool { indexByName[name] != nil }

  /// What the header says of a tensor; nil where there is none of that name.
  public func entry(_ name: String) -> Entry? { indexByName[name].map { entries[$0] } }

  /// Gives `body` the stored bytes of a tensor, which must exist.
  public func withBytes(of name: String, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard let entry = entry(name) else { return }
    file.withBytes(bodyStart + entry.offsets.lowerBound..<bodyStart + entry.offsets.upperBound, body)
  }

  /// The raw integers of an I64 tensor, exactly.
  public func integers(_ name: String) throws(Fault) -> [Int] {
    guard let entry = entry(name) else {
      throw .malformed(path, place: "tensor \(name)", found: "nothing", expected: "integers")
    }
    guard entry.dtype == "I64" else {
      throw .malformed(path, place: "tensor \(name)", found: entry.dtype, expected: "I64")
    }
    var values: [Int] = []
    withBytes(of: name) { raw in
      values = stride(from: 0, to: raw.count, by: 8).map {
        Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
      }
    }
    return values
  }
}
