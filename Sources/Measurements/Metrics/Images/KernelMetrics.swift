/// The kernel distance in each feature space, and its standard error.
extension Metric {
  private static let onComponents = KernelDistance(
    .components(), needs: [.realImages, .trainingImages, .differingRealImages, .severalSamples])
  private static let onClassifier = KernelDistance(
    .classifier, needs: [.realImages, .classifier, .differingRealImages, .severalSamples])

  /// On the principal components of the pixels.
  package static let kernel = onComponents.distance(
    "Kernel distance on the pixel components: unlike the Fréchet distance it has no bias, so its level does not depend on "
      + "the number of samples.")
  /// The standard error of `kernel`.
  package static let kernelError = onComponents.error
  /// On the features of the measuring classifier.
  package static let classifierKernel = onClassifier.distance("The same kernel distance on the classifier's features.")
  /// The standard error of `classifierKernel`.
  package static let classifierKernelError = onClassifier.error
}

/// The two metrics that one estimate in a space gives.
private struct KernelDistance {
  let space: FeatureSpace
  let needs: [Need]
  /// Nil where there are no features.
  let estimate: SharedPart<KernelDistanceEstimate?>

  init(_ space: FeatureSpace, needs: [Need]) {
    self.space = space
    self.needs = needs
    estimate = SharedPart { evidence in
      evidence.features(in: space).map { kernelInceptionDistance(real: $0.real, generated: $0.generated) }
    }
  }

  func distance(_ meaning: String) -> Metric {
    Metric(
      "kid_{space}", title: "kernel distance", head: "KID ({space})", direction: .lower, section: .distance,
      space: space,
      needs: needs, meaning: meaning,
      traps: "Having no bias it can be slightly negative; that is zero within its error, and is printed as it is.",
      shownIn: [.guide], method: .images { reading(in: $0, parameters: { _ in "cubic, unbiased" }) { $0.value } })
  }

  var error: Metric {
    Metric(
      "kid_{space}_se", title: "standard error of the kernel distance", direction: .neither, section: .distance,
      space: space, needs: needs,
      meaning: "The standard error of `kid_{space}`, from disjoint blocks of the samples; it says nothing about seeds.",
      shownIn: [],
      method: .images { reading(in: $0, parameters: { "blocks=\($0.blocks)" }) { $0.standardError } })
  }

  private func reading(
    in evidence: ImageEvidence, parameters: (KernelDistanceEstimate) -> String,
    _ value: (KernelDistanceEstimate) -> Double
  ) -> Reading {
    guard let pair = evidence.features(in: space), let estimate = evidence[estimate] else {
      return .absent("no features")
    }
    let value = value(estimate)
    guard value.isFinite else { return .absent("too few samples for two blocks") }
    let used = kernelDistanceCount(real: pair.real, generated: pair.generated)
    return Reading(value, realCount: used, sampleCount: used, parameters: parameters(estimate))
  }
}
