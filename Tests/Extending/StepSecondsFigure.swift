import LineupReports

extension Figure {
  /// Seconds a training step, one bar an arm; nil where no arm was timed.
  package static func stepSeconds(_ timings: [(label: String, seconds: Double)]) -> Figure? {
    guard !timings.isEmpty else { return nil }
    let bars = timings.enumerated().map { place, timing in "\(place)\t\(timing.seconds)\t\(timing.label)\n" }
    return Figure(
      name: "step-seconds", caption: "Seconds a training step, measured while nothing else ran.", data: bars.joined(),
      commands: [
        "set style fill solid 0.6", "set boxwidth 0.6", "set xrange [-0.5:\(timings.count).5]", "set yrange [0:*]",
        "set ylabel 'seconds a step'", "plot DATA using 1:2:xtic(3) with boxes notitle",
      ])
  }
}
