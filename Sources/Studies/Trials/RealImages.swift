import LineupDatasets
import LineupFormats
import LineupMeasurements

/// The real side of a study's measurements, the same for every trial.
enum RealImages {
  static func reference(
    _ splits: DatasetSplits, evaluation: Evaluation, classifier: MeasuringClassifier?
  ) -> MeasurementReference {
    let training = PixelBatch(splits.train)
    let indices = evenlySpacedIndices(min(MeasurementReference.trainingCount, training.count), of: training.count)
    let real = held(splits, evaluation)
    return MeasurementReference(
      training: training.images(at: indices), trainingLabels: indices.map { splits.train.labels[$0] },
      classCount: splits.train.classNames.count, real: real, classifierFeatures: classifier?.output(for: real).features,
      componentCount: evaluation.components, sampleCount: evaluation.samples, k: evaluation.neighbours)
  }

  /// The held-out images that samples are compared with: as many as there are samples.
  static func held(_ splits: DatasetSplits, _ evaluation: Evaluation) -> PixelBatch {
    PixelBatch(evaluation.split.part(of: splits)).evenlySpaced(evaluation.samples)
  }

  /// Real images of another part, measured as if they were samples: the best that samples can be expected to reach.
  static func againstReal(_ splits: DatasetSplits, evaluation: Evaluation, datasetName: String) -> [RecordedMetric] {
    let classifier = MeasuringClassifier(
      dataset: datasetName, sampleShape: [splits.train.height, splits.train.width, splits.train.channels])
    let other = PixelBatch(evaluation.split.other.part(of: splits)).evenlySpaced(evaluation.samples)
    return reference(splits, evaluation: evaluation, classifier: classifier)
      .measure(other, classifier: classifier?.output(for: other)).values.map(RecordedMetric.init)
  }
}

extension Evaluation.Split {
  /// Its images.
  package func part(of splits: DatasetSplits) -> ImageSet {
    switch self {
    case .validation: splits.validation
    case .test: splits.test
    }
  }

  /// The held-out part that samples are not compared with.
  package var other: Self {
    switch self {
    case .validation: .test
    case .test: .validation
    }
  }
}
