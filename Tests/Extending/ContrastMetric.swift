import LineupMeasurements

/// How far pixels are from the middle of their image.
extension Metric {
  /// The standard deviation of grey values.
  package static let contrast = Metric(
    "contrast", title: "standard deviation of grey values", head: "contrast", direction: .near(nil),
    section: .sharpness, space: .pixels,
    meaning: "The standard deviation of an image's grey values in [0, 1], mean over images.",
    traps: "An image of noise has contrast, too.", shownIn: [.table, .guide, .curve],
    method: .images { evidence in
      let deviations = (0..<evidence.count).map { index in
        let values = evidence.samples.grey(index).values
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      }
      return Reading(deviations.reduce(0, +) / Double(evidence.count))
    })
}
