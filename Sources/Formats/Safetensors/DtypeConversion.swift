import LineupKernels

extension FileFloat {
  /// The dtypes that weights are published in; nil for all others.
  init?(dtype: String) {
    switch dtype {
    case "F32": self = .single
    case "F16": self = .half
    case "BF16": self = .bfloat
    default: return nil
    }
  }
}

/// Converts packed little-endian values of a safetensors dtype to `Float`.
func convertToFloat(
  _ raw: UnsafeRawBufferPointer, dtype: String, count: Int, into out: UnsafeMutableBufferPointer<Float>
) {
  if let format = FileFloat(dtype: dtype) {
    if count > 0 { readFloats(format, count: count, raw.baseAddress!, into: out.baseAddress!) }
    return
  }
  func convert<Value>(_ type: Value.Type, _ transform: (Value) -> Float) {
    let size = MemoryLayout<Value>.size
    for index in 0..<count { out[index] = transform(raw.loadUnaligned(fromByteOffset: index * size, as: Value.self)) }
  }
  switch dtype {
  case "F64": convert(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
  case "F8_E4M3": convert(UInt8.self) { Float(e4m3Bits: $0) }
  case "F8_E5M2": convert(UInt8.self) { Float(halfBits: UInt16($0) << 8) }
  case "BOOL", "U8": convert(UInt8.self) { Float($0) }
  case "I8": convert(Int8.self) { Float($0) }
  case "I16": convert(Int16.self) { Float(Int16(littleEndian: $0)) }
  case "U16": convert(UInt16.self) { Float(UInt16(littleEndian: $0)) }
  case "I32": convert(Int32.self) { Float(Int32(littleEndian: $0)) }
  case "U32": convert(UInt32.self) { Float(UInt32(littleEndian: $0)) }
  case "I64": convert(Int64.self) { Float(Int64(littleEndian: $0)) }
  default: convert(UInt64.self) { Float(UInt64(littleEndian: $0)) }
  }
}

extension Float {
  /// An IEEE half-precision number, widened exactly.
  init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self = Float(fraction) * 0x1p-24 * (sign == 0 ? 1 : -1)
    case 31: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// An 8-bit float with four exponent and three fraction bits, without infinities.
  init(e4m3Bits bits: UInt8) {
    let sign: Float = bits & 0x80 == 0 ? 1 : -1
    let exponent = Int(bits >> 3) & 0xF
    let fraction = Float(bits & 7)
    if bits & 0x7F == 0x7F {
      self = .nan
    } else if exponent == 0 {
      self = sign * fraction * 0x1p-9
    } else {
      self = sign * (1 + fraction / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
    }
  }
}
