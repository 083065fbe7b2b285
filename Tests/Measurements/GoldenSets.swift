import Foundation
import LineupMeasurements

/// The sets and images that the golden numbers were computed on by independent packages.
enum Golden {
  /// Real features, 64 × 8.
  static let real = FeatureMatrix(rows: 64, columns: 8) { i, j in
    sin(0.37 * Double(i + 1) * Double(j + 1)) + 0.01 * Double(j)
  }
  /// Generated features, 64 × 8.
  static let generated = FeatureMatrix(rows: 64, columns: 8) { i, j in
    0.9 * cos(0.29 * Double(i + 1) * Double(j + 2)) + 0.1
  }
  /// Held-out features, 64 × 8.
  static let test = FeatureMatrix(rows: 64, columns: 8) { i, j in sin(0.53 * Double(i + 1) * Double(j + 1) + 0.2) }

  /// A 32×32 picture of waves and a checkerboard.
  static let picture = image { r, c in
    0.5 + 0.25 * sin(0.6 * Double(r) + 0.2 * Double(c)) + 0.25 * Double((r / 8 + c / 8) % 2)
  }
  /// The picture blurred by a Gaussian of σ = 1.
  static let blurred = gaussianBlurred(picture, deviation: 1)
  /// The picture with a deterministic noise of amplitude 0.05.
  static let noisy = image { r, c in
    picture[r, c] + 0.05 * sin(12.9898 * Double(r) + 78.233 * Double(c))
  }

  private static func image(_ value: (Int, Int) -> Double) -> GreyImage {
    GreyImage(
      height: 32, width: 32, values: (0..<1024).map { min(max(value($0 / 32, $0 % 32), 0), 1) })
  }
}

/// A Gaussian blur with mirrored borders, cut off at four standard deviations.
func gaussianBlurred(_ image: GreyImage, deviation: Double) -> GreyImage {
  let reach = Int(4 * deviation + 0.5)
  var kernel = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
  let sum = kernel.reduce(0, +)
  for index in kernel.indices { kernel[index] /= sum }
  func fold(_ index: Int, _ size: Int) -> Int {
    let folded = abs(index)
    return folded < size ? folded : 2 * size - 2 - folded
  }
  func pass(_ values: [Double], _ step: (Int, Int, Int) -> Int) -> [Double] {
    (0..<values.count).map { index in
      let (row, column) = (index / image.width, index % image.width)
      return (-reach...reach).reduce(0) { $0 + kernel[$1 + reach] * values[step(row, column, $1)] }
    }
  }
  let down = pass(image.values) { r, c, offset in fold(r + offset, image.height) * image.width + c }
  let along = pass(down) { r, c, offset in r * image.width + fold(c + offset, image.width) }
  return GreyImage(height: image.height, width: image.width, values: along)
}

/// Whether two numbers agree to a relative tolerance.
func agrees(_ value: Double, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(value - expected) <= tolerance * max(abs(expected), 1e-3)
}
