/// A grey image with values on [0, 1], row by row: `[height, width]`.
package struct GreyImage: Sendable, Equatable {
  package let height: Int
  package let width: Int
  package let values: [Double]

  package init(height: Int, width: Int, values: [Double]) {
    precondition(
      height >= 4 && width >= 4 && values.count == height * width,
      "an image of \(height)×\(width) with \(values.count) values is too small or incomplete")
    self.height = height
    self.width = width
    self.values = values
  }

  /// One pixel.
  package subscript(row: Int, column: Int) -> Double { values[row * width + column] }
}

/// How an image goes on beyond its edges.
enum Border {
  /// The edge pixel is the mirror and is not repeated: c b | a b c.
  case mirror
  /// The mirror lies behind the edge pixel, which is repeated: b a | a b c.
  case symmetric

  /// The place inside 0 ..< size that stands for a place at any distance outside.
  func place(_ index: Int, size: Int) -> Int {
    let period = self == .mirror ? 2 * size - 2 : 2 * size
    var folded = index % period
    if folded < 0 { folded += period }
    guard folded >= size else { return folded }
    return self == .mirror ? period - folded : period - 1 - folded
  }
}

extension GreyImage {
  /// Correlates with one kernel down the columns and another along the rows, both of odd length.
  func filtered(vertical: [Double], horizontal: [Double], border: Border) -> GreyImage {
    filtered(vertical, alongRows: false, border: border).filtered(horizontal, alongRows: true, border: border)
  }

  /// Correlates every row (or every column) with a kernel of odd length.
  func filtered(_ kernel: [Double], alongRows: Bool, border: Border) -> GreyImage {
    if kernel == [1] { return self }
    precondition(kernel.count % 2 == 1, "a centred kernel has an odd length, not \(kernel.count)")
    let reach = kernel.count / 2
    let size = alongRows ? width : height
    let places = (-reach..<size + reach).map { border.place($0, size: size) }
    let (lines, lineStep, step) = alongRows ? (height, width, 1) : (width, 1, width)
    let result = [Double](unsafeUninitializedCapacity: values.count) { output, count in
      values.withUnsafeBufferPointer { input in
        for line in 0..<lines {
          for place in 0..<size {
            var sum = 0.0
            for tap in 0..<kernel.count { sum += kernel[tap] * input[line * lineStep + places[place + tap] * step] }
            output[line * lineStep + place * step] = sum
          }
        }
      }
      count = values.count
    }
    return GreyImage(height: height, width: width, values: result)
  }

  /// The values of two images combined pixel by pixel.
  func combined(with other: GreyImage, _ operation: (Double, Double) -> Double) -> GreyImage {
    precondition(height == other.height && width == other.width, "images of different size cannot be combined")
    return GreyImage(height: height, width: width, values: zip(values, other.values).map(operation))
  }
}
