/// The Fréchet distance in each feature space.
extension Metric {
  /// On the principal components of the pixels.
  package static let frechet = distance(
    in: .components(), needs: [.realImages, .trainingImages, .differingRealImages, .severalSamples],
    meaning:
      "Fréchet distance: how far the samples as a whole are from real images, on the main components of the pixels "
      + "({space}).")

  /// On the features of the measuring classifier.
  package static let classifierFrechet = distance(
    in: .classifier, needs: [.realImages, .classifier, .differingRealImages, .severalSamples],
    meaning:
      "The Fréchet distance on the features of a classifier that no model has seen in training: nearer to shapes and "
      + "parts, further from single pixels. It is not the FID of the literature.", shownIn: [.table, .guide])

  private static func distance(
    in space: FeatureSpace, needs: [Need], meaning: String, shownIn places: Places = .everywhere
  ) -> Metric {
    Metric(
      "fd_{space}", title: "Fréchet distance", head: "FD ({space})", axis: "Fréchet distance ({space})",
      direction: .lower, section: .distance, space: space, needs: needs, dependsOnCount: true, meaning: meaning,
      traps:
        "It looks at means and covariances only: a set with the right ones and the wrong shapes passes. It falls with "
        + "the number of samples N roughly like 1/N, for perfect samples too, so only equal N compare; that is why real "
        + "images measured against real ones stand in the first row. Drawing samples again with replacement inflates it.",
      shownIn: places,
      method: .images { evidence in
        guard let pair = evidence.features(in: space) else { return .absent("no features") }
        return Reading(pair.frechet.distance(to: pair.generated), realCount: pair.real.rows)
      })
  }
}
