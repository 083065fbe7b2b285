/// The classes that samples fall into, as the measuring classifier sees them.
extension Metric {
  private static let anOpinion =
    "The classes are a classifier's opinion; on pictures that resemble nothing it still names a class."

  /// How many classes there are samples of.
  package static let classesHit = classes(
    "classes_hit", title: "classes hit", head: "classes", unit: "classes", direction: .higher,
    meaning: "How many classes get at least a tenth of their equal share of the samples, by the measuring classifier.",
    shownIn: .everywhere, parameters: "share≥1/(10K)"
  ) { Double($0.classesHit) }

  /// How far the samples' classes are from the training images'.
  package static let classDivergence = classes(
    "class_kl", title: "divergence from the training classes", unit: "nats", direction: .lower,
    meaning: "KL divergence of the samples' classes from the training images' classes."
  ) { $0.divergence }

  private static let balance = SharedPart<ClassBalance?> { evidence in
    evidence.classifier.map {
      ClassBalance(
        predicted: $0.predictions, training: evidence.reference.training.labels,
        classCount: evidence.reference.training.classCount)
    }
  }

  private static func classes(
    _ name: String, title: String, head: String? = nil, unit: String, direction: Direction, meaning: String,
    shownIn places: Places = [], parameters: String = "", _ value: @escaping @Sendable (ClassBalance) -> Double
  ) -> Metric {
    Metric(
      name, title: title, head: head, axis: title, unit: unit, direction: direction, section: .variety,
      space: .classifier, needs: [.classifier, .labels], dependsOnCount: true, meaning: meaning, traps: anOpinion,
      shownIn: places,
      method: .images { evidence in
        let value = evidence[balance].map(value) ?? .nan
        guard value.isFinite else { return .absent("samples are of a class that training lacks") }
        return Reading(
          value, realCount: evidence.reference.training.labels.count,
          parameters: parameters)
      })
  }
}
