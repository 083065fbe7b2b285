import Foundation
import LineupTensors

/// Normal numbers as torch draws them on a GPU: Philox 4×32 with ten rounds, one counter an element (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3"), and the sine of Box and Muller's transform.
///
/// Holds for tensors that one grid of the GPU covers, which latents are (some 200,000 numbers on large cards); beyond that
/// the order depends on the card.
struct TorchCUDANormals: Sendable {
  private let key: SIMD2<UInt32>
  /// Calls so far, each of which takes one counter.
  private var calls: UInt64 = 0

  init(seed: UInt64) { key = Self.halves(seed) }

  /// Fills a tensor's values.
  mutating func fill(_ values: UnsafeMutableBufferPointer<Float>) {
    let call = Self.halves(calls)
    for index in values.indices {
      let element = Self.halves(UInt64(index))
      let words = RandomStream.philox(counter: SIMD4(call[0], call[1], element[0], element[1]), key: key)
      let radius = (-2 * Float(log(Double(Self.uniform(words[0], scale: 0x1p-32))))).squareRoot()
      values[index] = radius * Float(sin(Double(Self.uniform(words[1], scale: 2 * Float.pi * 0x1p-32))))
    }
    calls += 1
  }

  /// (word + ½)·scale in single precision, rounded once.
  private static func uniform(_ word: UInt32, scale: Float) -> Float {
    (scale / 2).addingProduct(Float(word), scale)
  }

  /// The low and the high half of a number.
  private static func halves(_ number: UInt64) -> SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32))
  }
}
