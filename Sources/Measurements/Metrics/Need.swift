/// What has to be there for a metric. Without it the metric is not a number, and its note says why.
package enum Need: Sendable, Hashable {
  /// Held-out real images to compare with.
  case realImages
  /// Held-out real images that are not all equal: equal ones have no distribution.
  case differingRealImages
  /// Real images with something in them that changes from pixel to pixel.
  case structureInRealImages
  /// Samples with something in them that changes from pixel to pixel.
  case structure
  /// Two samples, without which there is no variance.
  case severalSamples
  /// The images that the model learned from, not all equal: the space of components is made of their differences.
  case trainingImages
  /// Classes of the training images, two or more.
  case labels
  /// A measuring classifier that knows the data.
  case classifier
  /// More images on each side than the neighbourhoods of precision and its kin count (`evaluation.neighbours`).
  case moreImagesThanNeighbours
  /// A mixture whose modes are known.
  case mixture
  /// A family that can encode images and decode them again.
  case encoder

  /// For the reference page.
  package var words: String {
    switch self {
    case .realImages: "real images"
    case .differingRealImages: "real images that differ"
    case .structureInRealImages: "real images that are not flat"
    case .structure: "samples that are not flat"
    case .severalSamples: "two samples"
    case .trainingImages: "training images"
    case .labels: "labels"
    case .classifier: "the measuring classifier"
    case .moreImagesThanNeighbours: "more than k images"
    case .mixture: "a mixture"
    case .encoder: "an encoder"
    }
  }

  /// Why a set of images cannot be measured; nil where it can.
  func absence(in evidence: ImageEvidence) -> String? {
    switch self {
    case .realImages: nil
    case .differingRealImages: evidence.reference.realImagesDiffer ? nil : "the real images are all equal"
    case .structureInRealImages: evidence.reference.sharpness.isFlat ? "the real images are flat" : nil
    case .structure: evidence.sharpness.isFlat ? "the samples are flat" : nil
    case .severalSamples: evidence.count < 2 ? "one sample has no variance" : nil
    case .trainingImages: evidence.reference.trainingImagesDiffer ? nil : "the training images are all equal"
    case .labels: Self.absence(ofClasses: evidence.reference.training.labels)
    case .classifier: evidence.classifier == nil ? "no classifier" : nil
    case .moreImagesThanNeighbours:
      evidence.comparableCount > evidence.reference.k ? nil : "too few images"
    case .mixture, .encoder: preconditionFailure("a metric of images needs images, not \(words)")
    }
  }

  private static func absence(ofClasses labels: [Int32]) -> String? {
    guard let first = labels.first else { return "no labels" }
    return labels.allSatisfy { $0 == first } ? "the training images are all of one class" : nil
  }
}
