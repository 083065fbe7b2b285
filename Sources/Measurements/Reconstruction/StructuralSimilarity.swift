import Foundation

/// The structural similarity index of two images and the part of it without brightness.
struct SimilarityTerms {
  let full: Double
  let contrastStructure: Double
}

extension GreyImage {
  /// The peak signal-to-noise ratio in decibel, at most 100, which equal images get.
  package func peakSignalToNoise(to other: GreyImage, range: Double = 1) -> Double {
    let squares = combined(with: other) { ($0 - $1) * ($0 - $1) }.values.reduce(0, +)
    let error = squares / Double(values.count)
    return error > 0 ? min(100, 10 * log10(range * range / error)) : 100
  }

  /// Structural similarity (Wang et al. 2004): Gaussian window of 11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, population
  /// moments, averaged over the places where the window fits. 1 for equal images.
  package func structuralSimilarity(to other: GreyImage, range: Double = 1, window: Int = 11) -> Double {
    similarityTerms(to: other, range: range, window: window).full
  }

  /// `ms_ssim3_w7`: multi-scale similarity on three scales with a window of 7, for images too small for the published
  /// five scales. The first three weights of Wang et al. 2003 are scaled to sum to 1. Needs 28 pixels or more a side.
  package func multiscaleSimilarity(to other: GreyImage, range: Double = 1) -> Double {
    multiscaleSimilarity(to: other, weights: [0.0448, 0.2856, 0.3001], window: 7, range: range)
  }

  /// Multi-scale similarity: contrast and structure at every scale, brightness at the last only, 2×2 means between.
  ///
  /// - Parameter weights: exponents, finest scale first; scaled to sum to 1.
  package func multiscaleSimilarity(
    to other: GreyImage, weights: [Double], window: Int, range: Double = 1
  ) -> Double {
    var (a, b) = (self, other)
    var result = 1.0
    let total = weights.reduce(0, +)
    for (scale, weight) in weights.enumerated() {
      let terms = a.similarityTerms(to: b, range: range, window: window)
      let isLast = scale == weights.count - 1
      result *= pow(max(0, isLast ? terms.full : terms.contrastStructure), weight / total)
      if !isLast { (a, b) = (a.halved, b.halved) }
    }
    return result
  }

  func similarityTerms(to other: GreyImage, range: Double, window: Int) -> SimilarityTerms {
    precondition(
      height >= window && width >= window, "a window of \(window) does not fit an image of \(height)×\(width)")
    let kernel = gaussianWindow(window, deviation: 1.5)
    func local(_ image: GreyImage) -> [Double] { image.filteredInside(kernel) }
    let (meanA, meanB) = (local(self), local(other))
    let squareA = local(combined(with: self, *))
    let squareB = local(other.combined(with: other, *))
    let across = local(combined(with: other, *))
    let (c1, c2) = (0.0001 * range * range, 0.0009 * range * range)
    var (full, structure) = (0.0, 0.0)
    for place in meanA.indices {
      let (a, b) = (meanA[place], meanB[place])
      let contrast =
        (2 * (across[place] - a * b) + c2) / (squareA[place] - a * a + squareB[place] - b * b + c2)
      structure += contrast
      full += contrast * (2 * a * b + c1) / (a * a + b * b + c1)
    }
    return SimilarityTerms(
      full: full / Double(meanA.count), contrastStructure: structure / Double(meanA.count))
  }

  /// Both axes correlated with a kernel, only where it fits: `[height − k + 1, width − k + 1]`, row by row.
  private func filteredInside(_ kernel: [Double]) -> [Double] {
    let (rows, columns) = (height - kernel.count + 1, width - kernel.count + 1)
    var down = [Double](repeating: 0, count: rows * width)
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for tap in kernel.indices {
        for column in 0..<width { down[row * width + column] += kernel[tap] * values[(row + tap) * width + column] }
      }
      for tap in kernel.indices {
        for column in 0..<columns { result[row * columns + column] += kernel[tap] * down[row * width + column + tap] }
      }
    }
    return result
  }

  /// Means of 2×2 pixels.
  private var halved: GreyImage {
    precondition(height % 2 == 0 && width % 2 == 0, "a side of \(height)×\(width) cannot be halved")
    let (rows, columns) = (height / 2, width / 2)
    return GreyImage(
      height: rows, width: columns,
      values: (0..<rows * columns).map { index in
        let (row, column) = (2 * (index / columns), 2 * (index % columns))
        return 0.25
          * (self[row, column] + self[row, column + 1] + self[row + 1, column] + self[row + 1, column + 1])
      })
  }
}

private func gaussianWindow(_ size: Int, deviation: Double) -> [Double] {
  let kernel = (0..<size).map { exp(-0.5 * pow((Double($0) - Double(size - 1) / 2) / deviation, 2)) }
  let sum = kernel.reduce(0, +)
  return kernel.map { $0 / sum }
}
