import LineupDatasets
import LineupMeasurements
import Testing

@Suite struct ContrastMetricTests {
  @Test func greyerImagesHaveLess() {
    let shapes = PixelBatch(DrawnShapes(side: 16, channels: 1).images(part: "test", count: 20))
    let pale = PixelBatch(height: 16, width: 16, channels: 1, pixels: shapes.pixels.map { 64 + $0 / 2 })
    let reference = MeasurementReference(training: shapes, real: shapes)
    func contrast(_ images: PixelBatch) -> Double {
      guard case .images(let measure) = Metric.contrast.method else { return .nan }
      return measure(ImageEvidence(images, beside: reference, classifier: nil)).value
    }
    #expect(abs(contrast(pale) - contrast(shapes) / 2) < 0.01)
  }
}
