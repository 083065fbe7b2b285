/// Precision, recall, density and coverage, from the balls that reach from each point to its k-th nearest other point of
/// the same set.
extension Metric {
  /// Those that `evaluation.neighbours` is a setting of.
  package static let neighbourMetrics = [precision, recall, density, coverage]

  /// The share of samples near some real image.
  package static let precision = neighbours(
    "precision", direction: .near(nil),
    meaning: "Share of samples that lie near some real image (Kynkäänniemi et al. 2019).",
    traps: "Blurring raises it, because the middle of the data is near to everything, so it never speaks for quality "
      + "alone; more than the real row's is no merit. There is no law for perfect samples: read it against that row.",
    shownIn: [.guide]
  ) { $0.precision }

  /// The share of real images near some sample.
  package static let recall = neighbours(
    "recall", direction: .higher,
    meaning:
      "Share of real images that lie near some sample: how much of the variety is there (Kynkäänniemi et al. 2019).",
    traps: "There is no law for perfect samples: read it against the row of real images.", shownIn: [.table, .guide]
  ) { $0.recall }

  /// How many real neighbourhoods a sample lies in.
  package static let density = neighbours(
    "density", direction: .near(1),
    meaning: "How crowded samples are around real images; about 1 for perfect samples (Naeem et al. 2020).",
    traps: "Blurring raises it too.", shownIn: [.guide]
  ) { $0.density }

  /// The share of real neighbourhoods that hold a sample.
  package static let coverage = neighbours(
    "coverage", direction: .higher,
    meaning:
      "Share of real images that have a sample in their neighbourhood (Naeem et al. 2020). 1 − 2⁻ᵏ for many perfect "
      + "samples: about 0.97 with k = 5.",
    traps: "Many copies of few images give a low one, and a good precision.", shownIn: .everywhere
  ) { $0.coverage }

  private static let scores = SharedPart<NeighbourScores> { evidence in
    let (reference, used) = (evidence.reference, evidence.comparableCount)
    let balls =
      reference.balls.flatMap { $0.features.rows == used ? $0 : nil }
      ?? NeighbourBalls(of: reference.realFeatures.evenlySpaced(used), k: reference.k)
    return balls.scores(of: evidence.components.evenlySpaced(used))
  }

  private static func neighbours(
    _ name: String, direction: Direction, meaning: String, traps: String, shownIn places: Places,
    _ value: @escaping @Sendable (NeighbourScores) -> Double
  ) -> Metric {
    Metric(
      name, title: name, direction: direction, section: .variety, space: .components(),
      needs: [.realImages, .trainingImages, .differingRealImages, .moreImagesThanNeighbours], dependsOnCount: true,
      meaning: meaning,
      traps: traps, shownIn: places,
      method: .images { evidence in
        let used = evidence.comparableCount
        return Reading(
          value(evidence[scores]), realCount: used, sampleCount: used, parameters: "k=\(evidence.reference.k)")
      })
  }
}
