internal import CLineupHDF5
import LineupSupport

/// The element types that run files use. All integers and floats are little-endian in the file.
enum ElementType: Equatable {
  case uint8
  case int32
  case uint32
  case int64
  case uint64
  case float32
  case float64
  /// Fixed-length UTF-8, padded with zeros.
  case string(length: Int)
  /// The compound of `/events`, see `RunEvent`.
  case event

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .uint8: 1
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    case .string(let length): length
    case .event: RunEvent.size
    }
  }

  /// How the type is called in messages.
  var name: String {
    switch self {
    case .string(let length): "string of \(length) bytes"
    default: "\(self)"
    }
  }

  func handle(_ place: Place) throws(Fault) -> Handle {
    chdf5_prepare()
    switch self {
    case .uint8: return Handle(chdf5_type_u8(), release: nil)
    case .int32: return Handle(chdf5_type_i32(), release: nil)
    case .uint32: return Handle(chdf5_type_u32(), release: nil)
    case .int64: return Handle(chdf5_type_i64(), release: nil)
    case .uint64: return Handle(chdf5_type_u64(), release: nil)
    case .float32: return Handle(chdf5_type_f32(), release: nil)
    case .float64: return Handle(chdf5_type_f64(), release: nil)
    case .string(let length):
      return try acquire(.writing, place, release: H5Tclose) { chdf5_string_type(length) }
    case .event:
      return try eventType(place)
    }
  }
}

/// `step i64, time f64, level u8, code u16, text char[200]`, packed.
private func eventType(_ place: Place) throws(Fault) -> Handle {
  let type = try acquire(.writing, place, release: H5Tclose) { chdf5_compound_class(RunEvent.size) }
  let text = try acquire(.writing, place, release: H5Tclose) { chdf5_string_type(RunEvent.textLength) }
  let fields: [(String, hid_t)] = [
    ("step", chdf5_type_i64()), ("time", chdf5_type_f64()), ("level", chdf5_type_u8()), ("code", chdf5_type_u16()),
    ("text", text.id),
  ]
  var offset = 0
  for (name, field) in fields {
    try call(.writing, place) { H5Tinsert(type.id, name, offset, field) }
    offset += H5Tget_size(field)
  }
  return type
}

/// Copies the bytes of a plain value to the end of a buffer, in the machine's (little-endian) order.
func appendBytes<Value: BitwiseCopyable>(of value: Value, to bytes: inout [UInt8]) {
  withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
}

/// The plain values whose bytes are in `bytes`.
func values<Value: BitwiseCopyable>(_ bytes: [UInt8], as type: Value.Type) -> [Value] {
  bytes.withUnsafeBytes { raw in
    (0..<raw.count / MemoryLayout<Value>.size).map {
      raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.size, as: Value.self)
    }
  }
}
