/// A set of images under measurement, with what several metrics need made once.
///
/// It lives for one measurement and belongs to one task.
package final class ImageEvidence {
  /// The images that are measured.
  package let samples: PixelBatch
  /// The real side.
  package let reference: MeasurementReference
  /// What the measuring classifier says about the samples.
  package let classifier: ClassifierOutput?
  private var parts: [ObjectIdentifier: any Sendable] = [:]

  package init(_ samples: PixelBatch, beside reference: MeasurementReference, classifier: ClassifierOutput?) {
    precondition(samples.count >= 1, "measurements need an image, and there is none")
    precondition(
      classifier.map { $0.predictions.count == samples.count } ?? true,
      "the classifier was shown another number of images")
    self.samples = samples
    self.reference = reference
    self.classifier = classifier
  }

  /// The number of samples.
  package var count: Int { samples.count }

  /// A part that several metrics share; made when the first of them asks.
  package subscript<Value>(part: SharedPart<Value>) -> Value {
    // The look-up first: nothing stored must not be taken for a stored nil.
    if let stored = parts[ObjectIdentifier(part)], let made = stored as? Value { return made }
    let made = part.make(self)
    parts[ObjectIdentifier(part)] = made
    return made
  }

  /// The sharpness of the samples.
  package private(set) lazy var sharpness = SharpnessProfile(of: samples)

  /// The samples on the principal components, one row each.
  package private(set) lazy var components = reference.components.transform(samples)

  /// The nearest training image of each sample, on the principal components.
  package private(set) lazy var nearestTraining = nearestNeighbours(of: components, in: reference.trainingFeatures)

  /// Both sides in a feature space; nil where there is none of the classifier.
  package func features(in space: FeatureSpace) -> FeaturePair? {
    switch space {
    case .components: FeaturePair(real: reference.realFeatures, generated: components, frechet: reference.frechet)
    case .classifier:
      if let generated = classifier?.features, let real = reference.classifierFeatures,
        let frechet = reference.classifierFrechet
      {
        FeaturePair(real: real, generated: generated, frechet: frechet)
      } else {
        nil
      }
    case .pixels, .plane: preconditionFailure("images have no features in the space \(space.name)")
    }
  }

  /// How many images of each side the measures of neighbourhoods take: their cost grows with the square.
  package var comparableCount: Int { min(count, reference.realFeatures.rows, 5000) }
}

/// Real and generated images in one feature space.
package struct FeaturePair: Sendable {
  package let real: FeatureMatrix
  package let generated: FeatureMatrix
  /// Its real side is prepared.
  package let frechet: FrechetDistance
}

/// Something that several metrics take their numbers from, such as the neighbourhoods behind precision and recall.
package final class SharedPart<Value: Sendable>: Sendable {
  let make: @Sendable (ImageEvidence) -> Value

  package init(_ make: @escaping @Sendable (ImageEvidence) -> Value) { self.make = make }
}
