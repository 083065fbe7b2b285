/// How well an autoencoder gives its images back, averaged over images and, before that, over channels.
package struct ReconstructionScores: Sendable, Equatable {
  /// How many held-out images a trial is measured on.
  package static let standardCount = 200

  /// The side of the window of the structural similarity.
  package static let window = 11

  /// How many images were compared.
  package let imageCount: Int
  /// Decibel, at most 100.
  package let peakSignalToNoise: Double
  /// Structural similarity with the 11-pixel Gaussian window; NaN where that does not fit the images.
  package let structuralSimilarity: Double
  /// `ms_ssim3_w7`; NaN where a side is below 28 pixels or does not halve twice.
  package let multiscaleSimilarity: Double

  /// Compares reconstructions with the images they were made from, in the same order.
  package init(original: PixelBatch, reconstruction: PixelBatch) {
    precondition(
      original.count == reconstruction.count && original.height == reconstruction.height
        && original.width == reconstruction.width && original.channels == reconstruction.channels,
      "reconstructions need the number and size of their originals")
    imageCount = original.count
    let multiscale =
      min(original.height, original.width) >= 28 && original.height % 4 == 0 && original.width % 4 == 0
    var (signal, similarity, scales) = (0.0, 0.0, 0.0)
    for image in 0..<original.count {
      for channel in 0..<original.channels {
        let a = original.plane(image, channel: channel)
        let b = reconstruction.plane(image, channel: channel)
        signal += a.peakSignalToNoise(to: b)
        similarity += min(a.height, a.width) >= Self.window ? a.structuralSimilarity(to: b, window: Self.window) : .nan
        scales += multiscale ? a.multiscaleSimilarity(to: b) : .nan
      }
    }
    let planes = Double(original.count * original.channels)
    peakSignalToNoise = signal / planes
    structuralSimilarity = similarity / planes
    multiscaleSimilarity = scales / planes
  }
}

extension PixelBatch {
  /// One channel of one image on [0, 1].
  func plane(_ image: Int, channel: Int) -> GreyImage {
    let start = image * imageSize + channel
    return GreyImage(
      height: height, width: width,
      values: (0..<height * width).map { Double(pixels[start + $0 * channels]) / 255 })
  }
}
