import Algorithms
import LineupDatasets
import LineupFeatureNetworks
import LineupFormats
import LineupMeasurements
import LineupTensors

/// The classifier that measures: it never enters a loss. Where none comes with the package for a data set, or the images
/// have another shape, its columns stay empty.
struct MeasuringClassifier: Sendable {
  private let network: ImageClassifier
  /// The SHA-256 of its weights, which names the feature space.
  let hash: String

  /// The classifier for a data set and its image shape, or nil.
  init?(dataset: String, sampleShape: [Int]) {
    guard let record = try? committedRecord(.measuring, for: dataset), record.imageShape == sampleShape,
      let network = try? measuring(for: dataset)
    else { return nil }
    self.network = network
    hash = record.sha256
  }

  /// Its verdicts and the features of its penultimate layer.
  func output(for images: PixelBatch) -> ClassifierOutput {
    var predictions: [Int32] = []
    var features: [Float] = []
    for range in (0..<images.count).chunks(ofCount: 250) {
      let part = images.images(range)
      let input = Tensor(
        PixelScale.floats(part.pixels), shape: [part.count, part.height, part.width, part.channels])
      let hidden = network.features(input)
      predictions += network.probabilities(ofFeatures: hidden).indicesOfMaximum()
      features += hidden.values
    }
    return ClassifierOutput(
      predictions: predictions,
      features: FeatureMatrix(rows: images.count, columns: features.count / max(images.count, 1), values: features))
  }
}
