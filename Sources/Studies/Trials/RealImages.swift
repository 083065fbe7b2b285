import LineupDatasets
import LineupFormats
import LineupMeasurements

/// The real side of a study's measurements, the same for every trial.
enum RealImages {
  /// Training images that the feature space is fitted to and that copies are looked for in; evenly spaced over the set.
  static let trainingCount = 10_000

  static func reference(
    _ splits: DatasetSplits, evaluation: Evaluation, classifier: MeasuringClassifier?
  ) -> MeasurementReference {
    let training = PixelBatch(splits.train)
    let indices = evenlySpacedIndices(min(trainingCount, training.count), of: training.count)
    let real = held(splits, evaluation)
    return MeasurementReference(
      training: training.images(at: indices), trainingLabels: indices.map { splits.train.labels[$0] },
      classCount: splits.train.classNames.count, real: real, classifierFeatures: classifier?.output(for: real).features,
      sampleCount: evaluation.samples, k: evaluation.neighbours)
  }

  /// The held-out images that samples are compared with: as many as there are samples.
  static func held(_ splits: DatasetSplits, _ evaluation: Evaluation) -> PixelBatch {
    let set = evaluation.split == .test ? splits.test : splits.validation
    return PixelBatch(set).evenlySpaced(evaluation.samples)
  }

  /// Real images of another part, measured as if they were samples: the best that samples can be expected to reach.
  static func againstReal(_ splits: DatasetSplits, evaluation: Evaluation, datasetName: String) -> [RecordedMetric] {
    let classifier = MeasuringClassifier(
      dataset: datasetName, sampleShape: [splits.train.height, splits.train.width, splits.train.channels])
    let other = PixelBatch(evaluation.split == .test ? splits.validation : splits.test).evenlySpaced(evaluation.samples)
    return reference(splits, evaluation: evaluation, classifier: classifier)
      .measure(other, classifier: classifier?.output(for: other)).values.map(RecordedMetric.init)
  }
}
