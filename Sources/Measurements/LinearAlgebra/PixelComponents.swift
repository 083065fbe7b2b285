import Algorithms

/// The feature space `FeatureSpace.components`: principal components of mean-centred training pixels on [0, 1].
///
/// It needs no training, so it cannot favour a family, and the same images give the same basis on every machine
/// up to rounding; the sign of a component makes its largest entry positive.
package struct PixelComponents: Sendable {
  /// The mean training image.
  package let mean: [Double]
  /// The components, one a row, by falling variance.
  package let basis: FeatureMatrix
  /// The variance of the training pixels along each component.
  package let variances: [Double]

  /// Fits `count` components (fewer where images or pixels are fewer) to at least two images.
  ///
  /// - Parameter fittedOn: the most images to use, taken from the front; the rest hardly moves the basis. By default
  ///   5000, or 1500 above 1024 numbers an image, where eigenvectors get slow.
  package init(of training: PixelBatch, count: Int = FeatureSpace.standardComponents, fittedOn limit: Int? = nil) {
    let images = min(training.count, limit ?? (training.imageSize > 1024 ? 1500 : 5000))
    precondition(images >= 2, "principal components need two images or more, not \(images)")
    let pixels = training.images(0..<images).features
    mean = columnMeans(pixels)
    let centredPixels = centred(pixels, at: mean)
    let wanted = min(count, pixels.columns, images - 1)
    let divisor = Double(images - 1)
    var values: [Double]
    if images >= pixels.columns {
      var sum = FeatureMatrix.zeros(pixels.columns, pixels.columns)
      addGramOfColumns(centredPixels, to: &sum)
      (values, basis) = Self.signed(SymmetricEigen.leading(wanted, of: sum))
    } else {
      // Fewer images than pixels: the small matrix of products between images has the same eigenvalues, and the
      // images weighted by its eigenvectors are the components.
      let products = product(centredPixels, centredPixels, transposed: true)
      let (small, weights) = SymmetricEigen.leading(wanted, of: products)
      (values, basis) = Self.signed((small, Self.normalised(product(weights, centredPixels))))
    }
    for index in values.indices { values[index] = max(values[index], 0) / divisor }
    variances = values
  }

  private static func signed(
    _ pair: (values: [Double], vectors: FeatureMatrix)
  ) -> (values: [Double], vectors: FeatureMatrix) {
    var vectors = pair.vectors
    for row in 0..<vectors.rows {
      var largest = 0.0
      for column in 0..<vectors.columns where abs(vectors[row, column]) > abs(largest) {
        largest = vectors[row, column]
      }
      guard largest < 0 else { continue }
      for column in 0..<vectors.columns { vectors[row, column] = -vectors[row, column] }
    }
    return (pair.values, vectors)
  }

  private static func normalised(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    for row in 0..<matrix.rows {
      let norm = matrix.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      for column in 0..<matrix.columns { result[row, column] /= norm > 0 ? norm : 1 }
    }
    return result
  }

  /// The coordinates of images along the components, `[images, components]`.
  package func transform(_ images: PixelBatch) -> FeatureMatrix {
    precondition(
      images.imageSize == basis.columns,
      "components of \(basis.columns) numbers an image were given images of \(images.imageSize)")
    var coordinates: [Double] = []
    coordinates.reserveCapacity(images.count * basis.rows)
    // In blocks, because 55,000 images in float64 would fill hundreds of megabytes.
    for range in (0..<images.count).chunks(ofCount: 1024) {
      let block = images.images(range).features
      coordinates += product(centred(block, at: mean), basis, transposed: true).values
    }
    return FeatureMatrix(rows: images.count, columns: basis.rows, values: coordinates)
  }

  /// Images on [0, 1] from coordinates, `[images, pixels]`, not clipped.
  package func reconstruct(_ coordinates: FeatureMatrix) -> FeatureMatrix {
    centred(product(coordinates, basis), at: mean.map { -$0 })
  }
}
