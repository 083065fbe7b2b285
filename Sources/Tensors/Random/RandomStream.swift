import LineupKernels

/// A stream of random numbers that is a plain value: the numbers are a pure function of its key and its position.
///
/// Streams are split by purpose and by index (`stream.split("noise").split(step)`), so that one consumer more
/// never shifts the numbers of another, and a resumed run needs no stored generator state.
/// The generator is Philox 4×32 with ten rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
public struct RandomStream: Sendable {
  private var key: UInt64
  private var counter: UInt64 = 0
  private var buffer: SIMD4<UInt32> = .zero
  private var unread = 0
  private var spareNormal: Float?
  /// Whether `Initializer` shall make tensors without values; see `forLoading`.
  public private(set) var isForLoading = false

  /// The stream for networks that are filled from a file: their weights begin as shapes without values, which costs neither
  /// time nor memory. Nothing may use such a network before every weight is replaced.
  public static let forLoading: RandomStream = {
    var stream = RandomStream(seed: 0)
    stream.isForLoading = true
    return stream
  }()

  /// The root stream of a seed.
  public init(seed: UInt64) {
    key = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
  }

  /// An independent stream for a named purpose. It depends on this stream's key alone, not on how much was read.
  public func split(_ purpose: String) -> RandomStream {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return RandomStream(mixing: hash, into: self)
  }

  /// An independent stream for an index, such as a step or the number of a sample.
  public func split(_ index: Int) -> RandomStream {
    RandomStream(mixing: UInt64(bitPattern: Int64(index)) &+ 0xD1B5_4A32_D192_ED03, into: self)
  }

  private init(mixing value: UInt64, into parent: RandomStream) {
    key = Self.mixed(parent.key ^ Self.mixed(value))
    isForLoading = parent.isForLoading
  }

  /// The finaliser of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Ten rounds of Philox 4×32 on `counter` under `key`.
  package static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) &* UInt64(c[0])
      let b = UInt64(0xCD9E_8D57) &* UInt64(c[2])
      c = SIMD4(
        UInt32(truncatingIfNeeded: b >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: a))
      k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
    }
    return c
  }

  /// The next 32 random bits.
  public mutating func nextBits() -> UInt32 {
    if unread == 0 {
      buffer = Self.philox(
        counter: SIMD4(UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), 0, 0),
        key: SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)))
      counter &+= 1
      unread = 4
    }
    unread -= 1
    return buffer[3 - unread]
  }

  /// A number from [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float {
    Float(nextBits() >> 8) * 0x1p-24
  }

  /// An integer from 0 up to, not including, `bound`, without bias (Lemire's multiplication with rejection).
  public mutating func integer(below bound: Int) -> Int {
    require(bound > 0 && bound <= Int(UInt32.max), "a random integer needs a bound from 1 to 2³²−1, not \(bound)")
    let range = UInt32(bound)
    var product = UInt64(nextBits()) &* UInt64(range)
    if UInt32(truncatingIfNeeded: product) < range {
      let threshold = (0 &- range) % range
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(nextBits()) &* UInt64(range)
      }
    }
    return Int(product >> 32)
  }

  /// A standard normal number (Box–Muller; the second of each pair is kept for the next call).
  public mutating func normal() -> Float {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let (first, second) = normalPair()
    spareNormal = second
    return first
  }

  private mutating func normalPair() -> (Float, Float) {
    // 1 − u lies in (0, 1], so that the logarithm is finite.
    let radius = (-2 * Float.log(1 - uniform())).squareRoot()
    let angle = 2 * Float.pi * uniform()
    return (radius * Float.cos(angle), radius * Float.sin(angle))
  }

  /// The numbers 0 ..< count in random order (Fisher–Yates).
  public mutating func permutation(of count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
