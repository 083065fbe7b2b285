/// Signs of copies of training images.
extension Metric {
  private static let poorFits =
    "None of these separates copying from a poor fit (Stein et al. 2023): samples that resemble nothing are far from the "
    + "training images, and blurred ones near to many. Compare with the row of real images."

  /// The median distance to the nearest training image.
  package static let trainingDistance = copies(
    "nn_train_distance", title: "median distance to the nearest training image", direction: .near(nil),
    meaning:
      "Median distance of a sample to the nearest training image; \(MeasurementReference.trainingCount) of them are looked at."
  ) { evidence, distances in Reading(median(distances)) }

  /// The percentage of authentic samples.
  package static let authenticity = copies(
    "auth_pct", title: "authentic samples", unit: "%", direction: .near(nil),
    meaning:
      "Percentage of authentic samples: their nearest training image has another training image nearer to it than "
      + "they are (Alaa et al. 2022).", traps: " What resembles nothing is perfectly authentic."
  ) { evidence, _ in
    Reading(authenticPercentage(nearest: evidence.nearestTraining, training: evidence.reference.trainingFeatures))
  }

  /// The share of samples nearer to training images than nearly all held-out images.
  package static let copiedShare = copies(
    "copied_share", title: "share nearer to training images than 99 % of held-out images", head: "copied",
    direction: .lower,
    meaning:
      "Share of samples that are nearer to a training image than 99 % of held-out images are: about 0.01 without "
      + "copying.", shownIn: [.guide]
  ) { evidence, distances in
    Reading(
      LineupMeasurements.copiedShare(generated: distances, heldOut: evidence.reference.heldOutDistances),
      parameters: evidence.heldOutWords, note: "0.01 without copying")
  }

  /// The data-copying statistic.
  package static let dataCopying = copies(
    "copy_z", title: "data-copying statistic", direction: .near(0),
    meaning:
      "Data-copying statistic (Meehan et al. 2020): a rank test of the samples' distances to training images against "
      + "held-out images'. Far below 0 it says copies, far above 0 unlike the data."
  ) { evidence, distances in
    Reading(
      dataCopyingScore(generated: distances, heldOut: evidence.reference.heldOutDistances),
      parameters: evidence.heldOutWords, note: "far below 0: copies; far above 0: unlike the data")
  }

  private static func copies(
    _ name: String, title: String, head: String? = nil, unit: String = "1", direction: Direction, meaning: String,
    traps: String = "", shownIn places: Places = [],
    _ measure: @escaping @Sendable (ImageEvidence, [Double]) -> Reading
  ) -> Metric {
    Metric(
      name, title: title, head: head, unit: unit, direction: direction, section: .copies, space: .components(),
      needs: [.trainingImages], meaning: meaning, traps: poorFits + traps, shownIn: places,
      method: .images { evidence in
        var reading = measure(evidence, evidence.nearestTraining.map(\.distance))
        reading.realCount = evidence.reference.trainingFeatures.rows
        return reading
      })
  }
}

extension ImageEvidence {
  fileprivate var heldOutWords: String { "held out=\(reference.heldOutDistances.count)" }
}
