import Foundation

/// How an image is prepared before its spectrum is taken.
package enum SpectrumWindow: Sendable {
  /// None: for comparison with published figures. Edges that do not meet at the wrap-around fill all frequencies.
  case none
  /// The periodic two-dimensional Hann window, after the Hann-weighted mean is taken away.
  case hann
}

/// Power spectra of images of one size, by separable discrete Fourier transforms with tables made once.
package struct PowerSpectrum: Sendable {
  package let height: Int
  package let width: Int
  package let window: SpectrumWindow
  private let verticalWindow: [Double]
  private let horizontalWindow: [Double]
  private let verticalWaves: Waves
  private let horizontalWaves: Waves

  /// cos and sin of 2π·i/size.
  private struct Waves {
    let cosines: [Double]
    let sines: [Double]

    init(_ size: Int) {
      cosines = (0..<size).map { cos(2 * Double.pi * Double($0) / Double(size)) }
      sines = (0..<size).map { sin(2 * Double.pi * Double($0) / Double(size)) }
    }
  }

  /// Prepares for images of a size.
  package init(height: Int, width: Int, window: SpectrumWindow = .hann) {
    self.height = height
    self.width = width
    self.window = window
    verticalWaves = Waves(height)
    horizontalWaves = Waves(width)
    verticalWindow = Self.weights(verticalWaves, window)
    horizontalWindow = Self.weights(horizontalWaves, window)
  }

  private static func weights(_ waves: Waves, _ window: SpectrumWindow) -> [Double] {
    waves.cosines.map { window == .hann ? 0.5 - 0.5 * $0 : 1 }
  }

  /// |DFT|²/(height · width), `[height, width / 2 + 1]`: a real image's other half is its mirror image.
  package func power(of image: GreyImage) -> [Double] {
    precondition(
      image.height == height && image.width == width,
      "a spectrum for \(height)×\(width) was given an image of \(image.height)×\(image.width)")
    let half = width / 2 + 1
    let prepared = windowed(image)
    var real = [Double](repeating: 0, count: height * half)
    var imaginary = real
    for row in 0..<height {
      for frequency in 0..<half {
        var (re, im) = (0.0, 0.0)
        var phase = 0
        for column in 0..<width {
          let value = prepared[row * width + column]
          re += value * horizontalWaves.cosines[phase]
          im -= value * horizontalWaves.sines[phase]
          phase += frequency
          if phase >= width { phase -= width }
        }
        real[row * half + frequency] = re
        imaginary[row * half + frequency] = im
      }
    }
    return columnTransformPower(real, imaginary, half: half)
  }

  private func columnTransformPower(_ real: [Double], _ imaginary: [Double], half: Int) -> [Double] {
    var power = [Double](repeating: 0, count: height * half)
    var re = [Double](repeating: 0, count: half)
    var im = re
    for frequency in 0..<height {
      for column in 0..<half { (re[column], im[column]) = (0, 0) }
      for row in 0..<height {
        let phase = row * frequency % height
        let (c, s) = (verticalWaves.cosines[phase], verticalWaves.sines[phase])
        for column in 0..<half {
          let (a, b) = (real[row * half + column], imaginary[row * half + column])
          re[column] += a * c + b * s
          im[column] += b * c - a * s
        }
      }
      for column in 0..<half {
        power[frequency * half + column] =
          (re[column] * re[column] + im[column] * im[column]) / Double(height * width)
      }
    }
    return power
  }

  private func windowed(_ image: GreyImage) -> [Double] {
    guard window == .hann else { return image.values }
    let total = verticalWindow.reduce(0, +) * horizontalWindow.reduce(0, +)
    var weighted = 0.0
    for row in 0..<height {
      for column in 0..<width { weighted += image[row, column] * verticalWindow[row] * horizontalWindow[column] }
    }
    let mean = weighted / total
    return (0..<height * width).map { index in
      (image.values[index] - mean) * verticalWindow[index / width] * horizontalWindow[index % width]
    }
  }

  /// Visits every entry of a half spectrum with its signed frequencies and the number of times it occurs in the whole.
  private func forEachFrequency(_ body: (_ entry: Int, _ ky: Int, _ kx: Int, _ occurrences: Double) -> Void) {
    let half = width / 2 + 1
    for row in 0..<height {
      let ky = row <= (height - 1) / 2 ? row : row - height
      for kx in 0..<half {
        let alone = kx == 0 || 2 * kx == width
        body(row * half + kx, ky, kx, alone ? 1 : 2)
      }
    }
  }

  /// Power at radii above `share` of the highest frequency along an axis, and all power but the mean's.
  package func bandPower(_ power: [Double], above share: Double) -> (band: Double, total: Double) {
    var (band, total) = (0.0, 0.0)
    // Cycles per pixel, squared and times (height · width)², so that the comparison on square images is exact.
    let limit = share * share / 4 * Double(height * height * width * width)
    forEachFrequency { entry, ky, kx, occurrences in
      guard ky != 0 || kx != 0 else { return }
      total += occurrences * power[entry]
      if Double(ky * ky * width * width + kx * kx * height * height) > limit { band += occurrences * power[entry] }
    }
    return (band, total)
  }

  /// The mean power in rings of one frequency step, radius 1 to N/2 with N the shorter side; ring r holds the
  /// frequencies whose radius rounds to r.
  package func radialProfile(_ power: [Double]) -> [Double] {
    let side = min(height, width)
    var sums = [Double](repeating: 0, count: side / 2 + 1)
    var counts = sums
    forEachFrequency { entry, ky, kx, occurrences in
      let y = Double(ky * side) / Double(height)
      let x = Double(kx * side) / Double(width)
      let ring = Int(((x * x + y * y).squareRoot() + 0.5).rounded(.down))
      guard ring <= side / 2 else { return }
      sums[ring] += occurrences * power[entry]
      counts[ring] += occurrences
    }
    return (1..<sums.count).map { sums[$0] / max(counts[$0], 1) }
  }

  /// The frequencies of `radialProfile`, in cycles per pixel.
  package var radialFrequencies: [Double] {
    let side = min(height, width)
    return (1...side / 2).map { Double($0) / Double(side) }
  }

  /// The share of an image's power (the mean left out) at radii above `share` of the highest; 0 for a constant image.
  package func highFrequencyShare(of image: GreyImage, above share: Double = 0.5) -> Double {
    highFrequencyShare(bandPower(power(of: image), above: share))
  }

  func highFrequencyShare(_ power: (band: Double, total: Double)) -> Double {
    // What rounding leaves of a constant image is no power: one 8-bit level in one pixel is 1e-8 at least.
    power.total > 1e-18 ? power.band / power.total : 0
  }
}
