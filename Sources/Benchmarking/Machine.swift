import Foundation
import LineupKernels

/// The machine's clock, memory and matrix speed.
enum Machine {
  /// Seconds on a clock that only goes forward.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The most resident bytes so far, from the kernel's own count; 0 where it does not say.
  static var peakResidentBytes: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return 0 }
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
  }

  /// Thousand million operations a second of this package's matrix product at a size that suits caches, at its best of
  /// about half a second.
  static func matrixGigaflopsPerSecond() -> Double {
    let n = 1024
    let a = (0..<n * n).map { Float($0 % 7) * 0.1 }
    var c = [Float](repeating: 0, count: n * n)
    var best = Double.infinity
    let end = seconds + 0.5
    repeat {
      let start = seconds
      multiplyMatrices(
        batch: 1, m: n, n: n, k: n, a: a, transposeA: false, strideA: 0, b: a, transposeB: false, strideB: 0, bias: nil,
        c: &c, strideC: 0)
      best = min(best, seconds - start)
    } while seconds < end
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
          let start = seconds
          Threads.forEach(parts) { part in (to + part * size).update(from: from + part * size, count: size) }
          best = min(best, seconds - start)
        }
      }
    }
    return Double(2 * count * MemoryLayout<Float>.stride) / best / 1e9
  }
}
