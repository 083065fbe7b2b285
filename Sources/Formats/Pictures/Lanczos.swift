import Foundation

extension Picture {
  /// The picture at another size, filtered with Lanczos' windowed sinc of three lobes in the fixed-point arithmetic of
  /// Pillow's `resize` with `LANCZOS`.
  ///
  /// One direction is filtered and rounded to 8 bits, then the other. As in Pillow 13, the height comes first where it
  /// loses more than twice as many pixels as the width. When the picture shrinks, the filter widens by the same factor, so
  /// that it takes away what the new size cannot show.
  public func lanczosResampled(width newWidth: Int, height newHeight: Int) -> Picture {
    precondition(newWidth > 0 && newHeight > 0, "a picture needs pixels; \(newWidth)×\(newHeight) has none")
    let heightFirst = newHeight < height && height - newHeight > 2 * (width - newWidth)
    return heightFirst
      ? withHeight(newHeight).withWidth(newWidth) : withWidth(newWidth).withHeight(newHeight)
  }

  private func withWidth(_ newWidth: Int) -> Picture {
    guard newWidth != width else { return self }
    let filter = LanczosFilter(from: width, to: newWidth)
    var result = Picture(width: filter.windows.count, height: height)
    for y in 0..<height {
      for (x, window) in filter.windows.enumerated() {
        let target = 3 * (y * result.width + x)
        store(window, from: 3 * (y * width + window.first), stride: 3, in: &result.pixels, at: target)
      }
    }
    return result
  }

  private func withHeight(_ newHeight: Int) -> Picture {
    guard newHeight != height else { return self }
    let filter = LanczosFilter(from: height, to: newHeight)
    var result = Picture(width: width, height: filter.windows.count)
    for (y, window) in filter.windows.enumerated() {
      for x in 0..<width {
        let source = 3 * (window.first * width + x)
        store(window, from: source, stride: 3 * width, in: &result.pixels, at: 3 * (y * width + x))
      }
    }
    return result
  }

  /// One new pixel: the weighted sum of old ones that lie `stride` bytes apart.
  @inline(__always)
  private func store(
    _ window: LanczosFilter.Window, from source: Int, stride: Int, in target: inout [UInt8], at place: Int
  ) {
    let half: Int32 = 1 << (LanczosFilter.precision - 1)
    var sum = SIMD4<Int32>(repeating: half)
    var source = source
    for weight in window.weights {
      let pixel = SIMD4<Int32>(Int32(pixels[source]), Int32(pixels[source + 1]), Int32(pixels[source + 2]), 0)
      sum &+= pixel &* weight
      source += stride
    }
    let bytes = (sum &>> Int32(LanczosFilter.precision)).clamped(
      lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
    for channel in 0..<3 { target[place + channel] = UInt8(truncatingIfNeeded: bytes[channel]) }
  }
}

/// The weights of every new place along one axis.
private struct LanczosFilter {
  /// Bits behind the point: 8 are the pixel's, 2 are kept for sums that overshoot and for the sign.
  static let precision = 32 - 8 - 2

  /// The old places that one new place sees, and their weights.
  struct Window {
    var first: Int
    var weights: [Int32]
  }

  let windows: [Window]

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let widening = max(scale, 1)
    let reach = 3 * widening
    windows = (0..<new).map { index in
      let centre = (Double(index) + 0.5) * scale
      let first = max(0, Int(centre - reach + 0.5))
      let last = min(old, Int(centre + reach + 0.5))
      let weights = (first..<last).map { Self.lanczos((Double($0) - centre + 0.5) * (1 / widening)) }
      let total = weights.reduce(0, +)
      return Window(first: first, weights: weights.map { Self.fixed($0 / total) })
    }
  }

  /// Rounded half away from zero.
  private static func fixed(_ weight: Double) -> Int32 {
    Int32((weight * Double(1 << precision)).rounded(.toNearestOrAwayFromZero))
  }

  /// sinc(x) · sinc(x / 3) within three lobes (Duchon 1979).
  private static func lanczos(_ x: Double) -> Double { abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0 }

  private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
}
