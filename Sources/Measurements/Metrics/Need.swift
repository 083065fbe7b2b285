/// What has to be there for a metric. Without it the metric is not a number, and its note says why.
package enum Need: Sendable, Hashable {
  /// Held-out real images to compare with.
  case realImages
  /// The images that the model learned from.
  case trainingImages
  /// Classes of the training images.
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
    case .realImages, .trainingImages: nil
    case .labels: evidence.reference.training.labels.isEmpty ? "no labels" : nil
    case .classifier: evidence.classifier == nil ? "no classifier" : nil
    case .moreImagesThanNeighbours:
      evidence.comparableCount > evidence.reference.k ? nil : "too few images"
    case .mixture, .encoder: preconditionFailure("a metric of images needs images, not \(words)")
    }
  }
}
