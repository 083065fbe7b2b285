internal import CLineupHDF5
import LineupSupport

/// A named property of an object in a run file.
package enum AttributeValue: Equatable, Sendable {
  case text(String)
  case texts([String])
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case flag(Bool)
}

extension AttributeValue {
  var elementType: ElementType {
    switch self {
    case .text(let text): .string(length: max(1, text.utf8.count))
    case .texts(let texts): .string(length: max(1, texts.map(\.utf8.count).max() ?? 1))
    case .integer: .int64
    case .unsigned: .uint64
    case .number: .float64
    case .flag: .uint8
    }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .text(let text): bytes = padded(text, to: elementType.size)
    case .texts(let texts): for text in texts { bytes += padded(text, to: elementType.size) }
    case .integer(let value): appendBytes(of: Int64(value), to: &bytes)
    case .unsigned(let value): appendBytes(of: value, to: &bytes)
    case .number(let value): appendBytes(of: value, to: &bytes)
    case .flag(let value): bytes = [value ? 1 : 0]
    }
    return bytes
  }
}

/// The UTF-8 bytes of a text, cut at a character's boundary or filled with zeros to `length`.
func padded(_ text: String, to length: Int) -> [UInt8] {
  var bytes = Array(text.utf8.prefix(length))
  // Never ends inside a character: continuation bytes are 10xxxxxx.
  if text.utf8.count > length {
    let next = text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: length)]
    if next & 0xC0 == 0x80 {
      while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    }
  }
  return bytes + [UInt8](repeating: 0, count: length - bytes.count)
}

/// The text in a zero-padded field.
func text(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// An attribute as it lies in the file: good for bit-exact comparison.
struct StoredAttribute: Equatable {
  var type: String
  var shape: [Int]
  var bytes: [UInt8]
}

/// Anything that carries attributes: file root, group, dataset.
protocol AttributeOwner {
  var handle: Handle { get }
  var place: Place { get }
}

extension AttributeOwner {
  func setAttribute(_ name: String, _ value: AttributeValue) throws(Fault) {
    let place = place.attribute(name)
    let type = try value.elementType.handle(place)
    let space = try acquire(.writing, place, release: H5Sclose) {
      guard case .texts(let texts) = value else { return H5Screate(H5S_SCALAR) }
      var count = hsize_t(texts.count)
      return H5Screate_simple(1, &count, nil)
    }
    let attribute = try acquire(.writing, place, release: H5Aclose) {
      H5Acreate2(handle.id, name, type.id, space.id, chdf5_default(), chdf5_default())
    }
    let bytes = value.bytes
    try call(.writing, place) { H5Awrite(attribute.id, type.id, bytes) }
  }

  func setAttributes(_ attributes: [(String, AttributeValue)]) throws(Fault) {
    for (name, value) in attributes { try setAttribute(name, value) }
  }

  /// Names of all attributes, in alphabetical order.
  func attributeNames() throws(Fault) -> [String] {
    let count = try call(.reading, place) { chdf5_attribute_count(handle.id) }
    var names: [String] = []
    for index in 0..<hsize_t(count) {
      var buffer = [CChar](repeating: 0, count: 256)
      try call(.reading, place) {
        H5Aget_name_by_idx(
          handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &buffer, buffer.count, chdf5_default())
      }
      names.append(text(buffer.map(UInt8.init(bitPattern:))))
    }
    return names
  }

  /// The bytes and the description of an attribute; nil where there is none of this name.
  func storedAttribute(_ name: String) throws(Fault) -> StoredAttribute? {
    let place = place.attribute(name)
    guard try call(.reading, place, { H5Aexists(handle.id, name) }) > 0 else { return nil }
    let attribute = try acquire(.reading, place, release: H5Aclose) { H5Aopen(handle.id, name, chdf5_default()) }
    let type = try acquire(.reading, place, release: H5Tclose) { H5Aget_type(attribute.id) }
    let space = try acquire(.reading, place, release: H5Sclose) { H5Aget_space(attribute.id) }
    let shape = try shape(of: space, place)
    var count = H5Tget_size(type.id)
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Unpacking.limit(packed: 0) else {
        throw .damaged(file: place.file, object: place.object, reason: "its shape is \(shape)")
      }
      count = product
    }
    var bytes = [UInt8](repeating: 0, count: count)
    guard !bytes.isEmpty else { return StoredAttribute(type: typeName(type), shape: shape, bytes: []) }
    try call(.reading, place) { H5Aread(attribute.id, type.id, &bytes) }
    return StoredAttribute(type: typeName(type), shape: shape, bytes: bytes)
  }

  /// A text attribute; nil where it is missing or no text.
  func textAttribute(_ name: String) throws(Fault) -> String? {
    guard let stored = try storedAttribute(name), stored.type.hasPrefix("string") else { return nil }
    return text(stored.bytes)
  }

  /// A number attribute of any type; nil where it is missing or no single number.
  func numberAttribute(_ name: String) throws(Fault) -> Double? {
    guard let stored = try storedAttribute(name) else { return nil }
    return switch (stored.type, stored.bytes.count) {
    case ("int64", 8): values(stored.bytes, as: Int64.self).first.map(Double.init)
    case ("uint64", 8): values(stored.bytes, as: UInt64.self).first.map(Double.init)
    case ("float64", 8): values(stored.bytes, as: Double.self).first
    case ("uint8", 1): Double(stored.bytes[0])
    default: nil
    }
  }

  /// An unsigned 64-bit attribute, exact.
  func unsignedAttribute(_ name: String) throws(Fault) -> UInt64? {
    guard let stored = try storedAttribute(name), stored.type == "uint64" else { return nil }
    return values(stored.bytes, as: UInt64.self).first
  }
}

/// The extent of a data space.
func shape(of space: Handle, _ place: Place) throws(Fault) -> [Int] {
  let rank = try call(.reading, place) { H5Sget_simple_extent_ndims(space.id) }
  guard rank > 0 else { return [] }
  var extent = [hsize_t](repeating: 0, count: Int(rank))
  try call(.reading, place) { H5Sget_simple_extent_dims(space.id, &extent, nil) }
  guard extent.allSatisfy({ $0 < 1 << 40 }) else {
    throw .damaged(file: place.file, object: place.object, reason: "its shape is \(extent)")
  }
  return extent.map { Int($0) }
}

/// The name of a type in a file, as `ElementType.name` gives it.
func typeName(_ type: Handle) -> String {
  if chdf5_is_string(type.id) != 0 { return ElementType.string(length: H5Tget_size(type.id)).name }
  let known: [(hid_t, String)] = [
    (chdf5_type_u8(), "uint8"), (chdf5_type_i32(), "int32"), (chdf5_type_u32(), "uint32"),
    (chdf5_type_i64(), "int64"), (chdf5_type_u64(), "uint64"), (chdf5_type_f32(), "float32"),
    (chdf5_type_f64(), "float64"),
  ]
  if let match = known.first(where: { H5Tequal(type.id, $0.0) > 0 }) { return match.1 }
  return H5Tget_class(type.id) == H5T_COMPOUND ? "event" : "another type of \(H5Tget_size(type.id)) bytes"
}
