import Foundation
import LineupKernels
import LineupSupport

/// The machine's speed: of matrix products and of copies.
enum Machine {
  /// Thousand million operations a second of this package's matrix product at a size that suits caches, at its best of
  /// about half a second.
  static func matrixGigaflopsPerSecond() -> Double {
    let n = 1024
    let a = (0..<n * n).map { Float($0 % 7) * 0.1 }
    var c = [Float](repeating: 0, count: n * n)
    var best = Double.infinity
    let end = Clock.seconds + 0.5
    repeat {
      let start = Clock.seconds
      multiplyMatrices(
        batch: 1, m: n, n: n, k: n, a: a, transposeA: false, strideA: 0, b: a, transposeB: false, strideB: 0, bias: nil,
        c: &c, strideC: 0)
      best = min(best, Clock.seconds - start)
    } while Clock.seconds < end
    return 2 * Double(n * n * n) / best / 1e9
  }

  /// Thousand million bytes a second, read and written together, of copying 256 MiB, at its best of a few times.
  static func copyGigabytesPerSecond() -> Double {
    let (count, parts) = (64 << 20, 64)
    let source = [Float](repeating: 1, count: count)
    var target = [Float](repeating: 0, count: count)
    var best = Double.infinity
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        let (from, to) = (source.baseAddress!, target.baseAddress!)
        let size = count / parts
        for _ in 0..<4 {
          let start = Clock.seconds
          Threads.forEach(parts) { part in (to + part * size).update(from: from + part * size, count: size) }
          best = min(best, Clock.seconds - start)
        }
      }
    }
    return Double(2 * count * MemoryLayout<Float>.stride) / best / 1e9
  }
}
