import Measurements

struct MeasuringClassifier: Sendable {
  init?(dataset: String, sampleShape: [Int]) { return nil }
  func output(for images: PixelBatch) -> ClassifierOutput { ClassifierOutput(predictions: []) }
}
