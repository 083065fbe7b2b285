/// Sharpness from first and second derivatives of one image (Pech-Pacheco et al. 2000; Krotkov 1987).
extension GreyImage {
  /// The population variance of the 4-neighbour Laplacian; white noise of standard deviation s gives 20 s².
  package var laplacianVariance: Double {
    let response = laplacian
    let mean = response.reduce(0, +) / Double(response.count)
    return response.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(response.count)
  }

  private var laplacian: [Double] {
    let above = (0..<height).map { Border.mirror.place($0 - 1, size: height) * width }
    let below = (0..<height).map { Border.mirror.place($0 + 1, size: height) * width }
    let left = (0..<width).map { Border.mirror.place($0 - 1, size: width) }
    let right = (0..<width).map { Border.mirror.place($0 + 1, size: width) }
    return [Double](unsafeUninitializedCapacity: values.count) { output, count in
      values.withUnsafeBufferPointer { input in
        for row in 0..<height {
          let start = row * width
          for column in 0..<width {
            output[start + column] =
              input[above[row] + column] + input[below[row] + column] + input[start + left[column]]
              + input[start + right[column]] - 4 * input[start + column]
          }
        }
      }
      count = values.count
    }
  }

  /// The mean squared Sobel gradient, kernels 1-2-1 without a factor; white noise of standard deviation s gives 24 s².
  package var tenengrad: Double {
    let vertical = filtered(vertical: [-1, 0, 1], horizontal: [1, 2, 1], border: .mirror).values
    let horizontal = filtered(vertical: [1, 2, 1], horizontal: [-1, 0, 1], border: .mirror).values
    return zip(vertical, horizontal).reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 } / Double(values.count)
  }

  /// The standard deviation of the noise by Immerkær 1996: mean |response| to the difference of two Laplacians, which
  /// straight edges do not excite, over the area where the mask fits.
  package var noiseDeviation: Double {
    var sum = 0.0
    values.withUnsafeBufferPointer { input in
      for row in 1..<height - 1 {
        for column in 1..<width - 1 {
          let centre = row * width + column
          let corners =
            input[centre - width - 1] + input[centre - width + 1] + input[centre + width - 1]
            + input[centre + width + 1]
          let sides = input[centre - width] + input[centre + width] + input[centre - 1] + input[centre + 1]
          sum += abs(corners - 2 * sides + 4 * input[centre])
        }
      }
    }
    return (Double.pi / 2).squareRoot() * sum / (6 * Double((width - 2) * (height - 2)))
  }
}
