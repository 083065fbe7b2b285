import CLineupKernels

/// How a file holds floating-point numbers.
package enum FileFloat: Sendable {
  case single, half, bfloat

  /// Bytes of one number.
  package var size: Int { self == .single ? 4 : 2 }

  /// The numbers as floats. Files promise no alignment.
  fileprivate func widen(_ count: Int, _ raw: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>) {
    switch self {
    case .single: UnsafeMutableRawPointer(output).copyMemory(from: raw, byteCount: 4 * count)
    case .half: ck_widen_half(count, raw, output)
    case .bfloat: ck_widen_bfloat(count, raw, output)
    }
  }
}

/// `count` numbers of a file as floats.
package func readFloats(
  _ format: FileFloat, count: Int, _ raw: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>
) {
  Threads.forEachRange(count, grain: 1 << 18) { range in
    format.widen(range.count, raw + range.lowerBound * format.size, into: output + range.lowerBound)
  }
}

/// Weights `[outputs, inputs, taps]` of a file, as PyTorch lays them, as `[taps, inputs, outputs]`: linear layers with one
/// tap, and convolutions with as many as their kernels have places.
package func readWeights(
  _ format: FileFloat, outputs: Int, inputs: Int, taps: Int, _ raw: UnsafeRawPointer,
  into output: UnsafeMutablePointer<Float>
) {
  let rowLength = inputs * taps
  // Rows of 16 floats fill whole cache lines of the output; more of them at once only where that needs little memory.
  let grain = max(16, min(64, (1 << 20) / max(1, rowLength) / 16 * 16))
  Threads.forEachRange(outputs, grain: grain) { rows in
    let start = raw + rows.lowerBound * rowLength * format.size
    let target = output + rows.lowerBound
    if format == .single, Int(bitPattern: raw) % 4 == 0 {
      ck_lay_weights(rows.count, inputs, taps, start.assumingMemoryBound(to: Float.self), outputs, target)
    } else {
      let floats = Scratch.floats(rows.count * rowLength, for: .fileRows)
      format.widen(rows.count * rowLength, start, into: floats)
      ck_lay_weights(rows.count, inputs, taps, floats, outputs, target)
    }
  }
}
