import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupTensors
import Testing

/// Measurements of real clothes and of clothes with planted defects.
@Suite(.enabled(if: FashionMNIST.isInstalled(), "dataset-fashion-mnist is not installed"))
struct FashionCalibrationTests {
  /// Loaded once; a failure shows as a missing value in each test.
  static let splits = try? Dataset.load(DataRequest(name: "fashion-mnist"))

  /// The sharpness means of 2000 test images that SciPy and scikit-image gave.
  struct Row: Sendable {
    let name: String
    let laplacian, tenengrad, hann, raw, quarter, blur11, blur3: Double
  }

  static let rows = [
    Row(
      name: "test", laplacian: 0.1844, tenengrad: 1.534, hann: 0.2572, raw: 0.1232, quarter: 0.4807, blur11: 0.306,
      blur3: 0.705),
    Row(
      name: "blur 0.5", laplacian: 0.0736, tenengrad: 1.165, hann: 0.1507, raw: 0.0616, quarter: 0.3805,
      blur11: 0.343, blur3: 0.758),
    Row(
      name: "blur 1", laplacian: 0.0076, tenengrad: 0.614, hann: 0.0141, raw: 0.0085, quarter: 0.1817,
      blur11: 0.441, blur3: 0.878),
    Row(
      name: "contrast", laplacian: 0.3324, tenengrad: 2.287, hann: 0.2785, raw: 0.1669, quarter: 0.5065,
      blur11: 0.262, blur3: 0.683),
  ]

  @Test(arguments: rows.indices) func sharpnessIsCalibrated(_ index: Int) throws {
    let row = Self.rows[index]
    let test = PixelBatch(try #require(Self.splits).test)
    let images = (0..<2000).map { number in
      let image = test.grey(number)
      return switch row.name {
      case "blur 0.5": gaussianBlurred(image, deviation: 0.5)
      case "blur 1": gaussianBlurred(image, deviation: 1)
      case "contrast": GreyImage(height: 28, width: 28, values: image.values.map { min(max(2 * $0 - 0.5, 0), 1) })
      default: image
      }
    }
    let hann = PowerSpectrum(height: 28, width: 28)
    let raw = PowerSpectrum(height: 28, width: 28, window: .none)
    func average(_ count: Int = 2000, _ value: (GreyImage) -> Double) -> Double {
      images.prefix(count).map(value).reduce(0, +) / Double(count)
    }
    #expect(agrees(average { $0.laplacianVariance }, row.laplacian, within: 0.02))
    #expect(agrees(average { $0.tenengrad }, row.tenengrad, within: 0.02))
    #expect(agrees(average { hann.highFrequencyShare(of: $0) }, row.hann, within: 0.02))
    #expect(agrees(average { raw.highFrequencyShare(of: $0) }, row.raw, within: 0.02))
    #expect(agrees(average { hann.highFrequencyShare(of: $0, above: 0.25) }, row.quarter, within: 0.02))
    #expect(agrees(average(300) { $0.blurEffect(box: 11) }, row.blur11, within: 0.02))
    #expect(agrees(average { $0.blurEffect(box: 3) }, row.blur3, within: 0.02))
  }

  @Test func frechetDistanceOfRealImagesFallsWithTheirNumber() throws {
    let splits = try #require(Self.splits)
    let components = PixelComponents(of: PixelBatch(splits.train))
    let frechet = FrechetDistance(real: components.transform(PixelBatch(splits.train.prefix(20_000))))
    let test = components.transform(PixelBatch(splits.test))
    func distance(_ range: Range<Int>) -> Double { frechet.distance(to: test.rows(range)) }
    #expect((0.7...1.2).contains(distance(0..<500)))
    #expect((0.28...0.5).contains(distance(0..<1000)))
    #expect((0.06...0.12).contains(distance(0..<5000)))
  }

  @Test func sanityTableOfNeighbourScoresHolds() throws {
    let splits = try #require(Self.splits)
    let components = PixelComponents(of: PixelBatch(splits.train))
    let balls = NeighbourBalls(of: components.transform(PixelBatch(splits.train.prefix(2000))))
    let test = PixelBatch(splits.test.prefix(2000))
    let fair = balls.scores(of: components.transform(test))
    #expect(abs(fair.precision - 0.914) < 0.03 && abs(fair.recall - 0.927) < 0.03)
    #expect(abs(fair.density - 1) < 0.08 && abs(fair.coverage - 0.968) < 0.015)
    let copies = balls.scores(of: components.transform(test.images(at: (0..<2000).map { $0 % 200 })))
    #expect(copies.precision > 0.9 && copies.recall == 0 && copies.coverage < 0.5)
    let blurred = balls.scores(of: components.transform(altered(test) { gaussianBlurred($0, deviation: 1) }))
    #expect(blurred.precision > fair.precision && blurred.density > 1.6)
    #expect(abs(blurred.recall - 0.25) < 0.06)
  }
}

/// Grey images changed one by one and quantised again.
func altered(_ batch: PixelBatch, _ change: (GreyImage) -> GreyImage) -> PixelBatch {
  let pixels = (0..<batch.count).flatMap { index in
    change(batch.grey(index)).values.map { UInt8((255 * min(max($0, 0), 1)).rounded()) }
  }
  return PixelBatch(height: batch.height, width: batch.width, channels: 1, pixels: pixels)
}
