/// The sharpness of a set of images: means over its images.
package struct SharpnessProfile: Sendable, Equatable {
  /// The variance of the Laplacian.
  package let laplacianVariance: Double
  /// The mean squared Sobel gradient.
  package let tenengrad: Double
  /// The share of power above half the highest frequency, Hann window.
  package let highFrequencyShare: Double
  /// The power above half the highest frequency itself, not divided by the total, so that contrast shows.
  package let highFrequencyPower: Double
  /// The blur effect with a box of 11 pixels.
  package let blurEffect11: Double
  /// The blur effect with a box of 3 pixels.
  package let blurEffect3: Double
  /// Immerkær's estimate of the noise. An image is sharper only if it is not noisier too.
  package let noiseDeviation: Double
  /// The mean power by radius, from one frequency step up to half a cycle per pixel.
  package let radialPower: [Double]
  /// The radii of `radialPower` in cycles per pixel.
  package let radialFrequencies: [Double]

  /// Whether no image has anything that changes from pixel to pixel. What rounding leaves is no structure: one 8-bit
  /// level in one pixel of a large set is 1e-12 at least.
  package var isFlat: Bool { laplacianVariance < 1e-18 || highFrequencyPower < 1e-18 }

  /// Measures a set of at least one image.
  package init(of images: PixelBatch) {
    precondition(images.count > 0, "sharpness is measured on images, and there is none")
    let spectrum = PowerSpectrum(height: images.height, width: images.width)
    var (laplacian, gradient, share, highPower) = (0.0, 0.0, 0.0, 0.0)
    var (blur11, blur3, noise) = (0.0, 0.0, 0.0)
    var radial = [Double](repeating: 0, count: spectrum.radialFrequencies.count)
    for index in 0..<images.count {
      let image = images.grey(index)
      let power = spectrum.power(of: image)
      let band = spectrum.bandPower(power, above: 0.5)
      laplacian += image.laplacianVariance
      gradient += image.tenengrad
      share += spectrum.highFrequencyShare(band)
      highPower += band.band
      blur11 += image.blurEffect(box: 11)
      blur3 += image.blurEffect(box: 3)
      noise += image.noiseDeviation
      for (ring, value) in spectrum.radialProfile(power).enumerated() { radial[ring] += value }
    }
    let count = Double(images.count)
    laplacianVariance = laplacian / count
    tenengrad = gradient / count
    highFrequencyShare = share / count
    highFrequencyPower = highPower / count
    blurEffect11 = blur11 / count
    blurEffect3 = blur3 / count
    noiseDeviation = noise / count
    radialPower = radial.map { $0 / count }
    radialFrequencies = spectrum.radialFrequencies
  }
}
