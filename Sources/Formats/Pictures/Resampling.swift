extension Picture {
  /// The picture at another size; each new pixel is the mean of the area that it covers (of the one pixel it lies in,
  /// when enlarging by a whole factor).
  public func resampled(width newWidth: Int, height newHeight: Int) -> Picture {
    guard newWidth != width || newHeight != height else { return self }
    let columns = (0..<newWidth).map { Self.cover($0, of: newWidth, from: width) }
    let rows = (0..<newHeight).map { Self.cover($0, of: newHeight, from: height) }
    var result = Picture(width: newWidth, height: newHeight)
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        var sum = SIMD4<Float>.zero
        for (rowOffset, rowShare) in row.shares.enumerated() {
          for (columnOffset, columnShare) in column.shares.enumerated() {
            let place = 3 * ((row.first + rowOffset) * width + column.first + columnOffset)
            let colour = SIMD4<Float>(Float(pixels[place]), Float(pixels[place + 1]), Float(pixels[place + 2]), 0)
            sum += colour * (rowShare * columnShare)
          }
        }
        for channel in 0..<3 { result.pixels[3 * (y * newWidth + x) + channel] = UInt8(min(255, sum[channel] + 0.5)) }
      }
    }
    return result
  }

  /// The picture scaled so that its shorter side is `side`, then cut to a square about its centre.
  public func squared(side: Int) -> Picture {
    let scale = Double(side) / Double(min(width, height))
    let scaled = resampled(
      width: max(side, Int((Double(width) * scale).rounded())),
      height: max(side, Int((Double(height) * scale).rounded())))
    var square = Picture(width: side, height: side)
    square.place(scaled, x: (side - scaled.width) / 2, y: (side - scaled.height) / 2)
    return square
  }

  /// Which old pixels a new one covers, and their shares, which sum to 1.
  private static func cover(_ index: Int, of new: Int, from old: Int) -> (first: Int, shares: [Float]) {
    let start = Double(index) * Double(old) / Double(new)
    let end = Double(index + 1) * Double(old) / Double(new)
    let first = min(old - 1, Int(start + 1e-9))
    let last = max(first, min(old - 1, Int((end - 1e-9).rounded(.down))))
    let shares = (first...last).map { max(0, min(end, Double($0 + 1)) - max(start, Double($0))) }
    let total = shares.reduce(0, +)
    return (first, shares.map { Float($0 / total) })
  }
}
