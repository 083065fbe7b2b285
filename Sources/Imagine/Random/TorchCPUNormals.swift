import Foundation

/// Normal numbers as torch draws them on a CPU, in its order and its precision.
///
/// Sixteen numbers or more are made in blocks of sixteen from single-precision uniforms; fewer one by one from
/// double-precision uniforms, which come in pairs, so that the second of a pair waits for the next call.
struct TorchCPUNormals: Sendable {
  private static let block = 16

  private var words: MersenneTwister
  private var spare: Double?

  /// torch seeds the twister with the low half of a seed.
  init(seed: UInt64) { words = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed)) }

  /// Fills a tensor's values.
  mutating func fill(_ values: UnsafeMutableBufferPointer<Float>) {
    guard values.count >= Self.block else {
      for index in values.indices { values[index] = Float(single()) }
      return
    }
    for index in values.indices { values[index] = uniform() }
    for start in stride(from: 0, through: values.count - Self.block, by: Self.block) {
      Self.transform(values, at: start)
    }
    if values.count % Self.block != 0 {
      // torch draws the last sixteen again where blocks do not cover the values.
      let start = values.count - Self.block
      for index in start..<values.count { values[index] = uniform() }
      Self.transform(values, at: start)
    }
  }

  /// A number from [0, 1), a multiple of 2⁻²⁴.
  private mutating func uniform() -> Float { Float(words.next() & 0xFF_FFFF) * 0x1p-24 }

  /// Box and Muller's transform of a block: its first half are radii, its second half angles.
  private static func transform(_ values: UnsafeMutableBufferPointer<Float>, at start: Int) {
    for index in start..<start + block / 2 {
      // Angles and radii are rounded to single precision as torch's are: an angle's rounding shows in the sixth digit.
      let radius = (-2 * Float(log(Double(1 - values[index])))).squareRoot()
      let angle = Double(Float(2 * Double.pi) * values[index + block / 2])
      values[index] = radius * Float(cos(angle))
      values[index + block / 2] = radius * Float(sin(angle))
    }
  }

  /// A number of its own, or the second of the last pair.
  private mutating func single() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let (angle, radius) = (2 * Double.pi * doubleUniform(), (-2 * log1p(-doubleUniform())).squareRoot())
    spare = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A number from [0, 1), a multiple of 2⁻⁵³, from two words of which the first is the high one.
  private mutating func doubleUniform() -> Double {
    let high = UInt64(words.next())
    let bits = (high << 32 | UInt64(words.next())) & (1 << 53 - 1)
    return Double(bits) * 0x1p-53
  }
}
