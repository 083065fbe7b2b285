import Foundation
import LineupMeasurements
import LineupTensors
import Testing

@Suite struct SharpnessTests {
  struct Expected: Sendable {
    let image: GreyImage
    let sum, laplacian, tenengrad, highFrequency, blur11, blur3: Double
  }

  static let golden = [
    Expected(
      image: Golden.picture, sum: 639.985719849, laplacian: 0.0353813119253, tenengrad: 0.970337204821,
      highFrequency: 0.0538033800888, blur11: 0.446942504624, blur3: 0.820505279049),
    Expected(
      image: Golden.blurred, sum: 639.991233265, laplacian: 0.00472289317963, tenengrad: 0.562124405243,
      highFrequency: 0.0211747639185, blur11: 0.545611558603, blur3: 0.900760257466),
    Expected(
      image: Golden.noisy, sum: 639.260812018, laplacian: 0.0573643300519, tenengrad: 0.967774792054,
      highFrequency: 0.0798509796899, blur11: 0.432728094215, blur3: 0.821978580816),
  ]

  @Test(arguments: golden.indices)
  func agreesWithScipyAndScikitImage(_ index: Int) {
    let expected = Self.golden[index]
    let image = expected.image
    #expect(agrees(image.values.reduce(0, +), expected.sum))
    #expect(agrees(image.laplacianVariance, expected.laplacian))
    #expect(agrees(image.tenengrad, expected.tenengrad))
    let raw = PowerSpectrum(height: 32, width: 32, window: .none)
    #expect(agrees(raw.highFrequencyShare(of: image), expected.highFrequency))
    #expect(agrees(image.blurEffect(box: 11), expected.blur11))
    #expect(agrees(image.blurEffect(box: 3), expected.blur3))
  }

  @Test func whiteNoiseMeetsTheAnalyticValues() {
    var random = RandomStream(seed: 3)
    let images = (0..<200).map { _ in
      GreyImage(height: 32, width: 30, values: (0..<960).map { _ in 0.5 + 0.1 * Double(random.normal()) })
    }
    func mean(_ value: (GreyImage) -> Double) -> Double { images.map(value).reduce(0, +) / 200 }
    #expect(agrees(mean(\.laplacianVariance), 20 * 0.01, within: 0.05))
    #expect(agrees(mean(\.tenengrad), 24 * 0.01, within: 0.05))
    #expect(agrees(mean(\.noiseDeviation), 0.1, within: 0.02))
    let spectrum = PowerSpectrum(height: 32, width: 30, window: .none)
    let profile = spectrum.radialProfile(spectrum.power(of: images[0]))
    #expect(profile.count == 15 && spectrum.radialFrequencies.last == 0.5)
    #expect(agrees(profile.reduce(0, +) / 15, 0.01, within: 0.2))
  }

  @Test func powerKeepsTheSumOfSquares() {
    let spectrum = PowerSpectrum(height: 32, width: 32, window: .none)
    let mean = Golden.picture.values.reduce(0, +) / 1024
    let energy = Golden.picture.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(agrees(spectrum.bandPower(spectrum.power(of: Golden.picture), above: 0.5).total, energy))
  }

  @Test func aWindowKeepsBlurFromLookingSharp() {
    // Blurred with mirrored borders, opposite edges meet no better than before; only the window hides that.
    let ramp = GreyImage(height: 32, width: 32, values: (0..<1024).map { Double($0 % 32) / 31 })
    let none = PowerSpectrum(height: 32, width: 32, window: .none)
    let hann = PowerSpectrum(height: 32, width: 32)
    #expect(none.highFrequencyShare(of: ramp) > 100 * hann.highFrequencyShare(of: ramp))
  }

  @Test func constantImagesAreBlurredAndHaveNoSpectrum() {
    let flat = GreyImage(height: 28, width: 28, values: [Double](repeating: 0.25, count: 784))
    #expect(flat.blurEffect(box: 11) == 1)
    #expect(flat.laplacianVariance == 0 && flat.noiseDeviation == 0)
    #expect(PowerSpectrum(height: 28, width: 28).highFrequencyShare(of: flat) == 0)
  }
}
