/// The one pair of maps between stored pixels, 0…255, and the numbers that networks see, −1…1.
///
/// `toFloat` is value / 127.5 − 1; `toByte` is its inverse, rounded half away from zero and clipped. Every byte
/// survives the way there and back.
public enum PixelScale {
  /// The 256 values of `toFloat`.
  public static let table: [Float] = (0...255).map { Float($0) / 127.5 - 1 }

  /// A stored pixel as a number from −1 to 1.
  public static func toFloat(_ byte: UInt8) -> Float {
    table[Int(byte)]
  }

  /// A network's number as a pixel. Numbers outside [−1, 1] are clipped; not-a-number becomes 0.
  public static func toByte(_ number: Float) -> UInt8 {
    let scaled = ((number + 1) * 127.5).rounded(.toNearestOrAwayFromZero)
    // Written so that a comparison with not-a-number falls to 0.
    return scaled > 0 ? UInt8(min(scaled, 255)) : 0
  }

  /// Pixels as numbers from −1 to 1.
  public static func floats(_ bytes: [UInt8]) -> [Float] {
    table.withUnsafeBufferPointer { table in bytes.map { table[Int($0)] } }
  }

  /// A network's numbers as pixels.
  public static func bytes(_ floats: [Float]) -> [UInt8] {
    floats.map(toByte)
  }
}
