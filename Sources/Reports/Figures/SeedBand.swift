import LineupStudies
import LineupSupport

/// One curve of an arm over its seeds: the mean and the reach of all seeds at common places.
struct SeedBand {
  struct Point {
    var progress: Double
    var mean: Double
    var minimum: Double
    var maximum: Double
    /// How many seeds have a value here; a trial that failed early has none later on.
    var seeds: Int
  }

  let points: [Point]
  /// Where curves end before the last place of the longest one.
  let earlyEnds: [(progress: Double, value: Double)]

  /// - Parameter curves: one a seed, over shares of the budget in ascending order.
  init(_ curves: [RecordedCurve]) {
    let curves = curves.map(Self.finite).filter { !$0.isEmpty }
    let places = curves.max { ($0.last?.x ?? 0, $0.count) < ($1.last?.x ?? 0, $1.count) }?.map(\.x) ?? []
    points = places.map { place in
      let values = curves.compactMap { Self.value(of: $0, at: place) }
      return Point(
        progress: place, mean: values.reduce(0, +) / Double(values.count), minimum: values.min() ?? .nan,
        maximum: values.max() ?? .nan, seeds: values.count)
    }
    let end = places.last ?? 0
    earlyEnds = curves.compactMap { curve in
      curve.last.flatMap { $0.x < 0.97 * end ? (progress: $0.x, value: $0.y) : nil }
    }
  }

  private static func finite(_ curve: RecordedCurve) -> [(x: Double, y: Double)] {
    zip(curve.progress, curve.values).filter { $0.isFinite && $1.isFinite }.map { (x: $0, y: $1) }
  }

  /// The curve's value between its points; nil before its first and after its last one, with some slack so that marks
  /// that differ by a step still meet.
  private static func value(of curve: [(x: Double, y: Double)], at place: Double) -> Double? {
    let slack = 0.01
    guard let first = curve.first, let last = curve.last, place >= first.x - slack, place <= last.x + slack else {
      return nil
    }
    guard let after = curve.firstIndex(where: { $0.x >= place }) else { return last.y }
    guard after > 0 else { return first.y }
    let (left, right) = (curve[after - 1], curve[after])
    let share = right.x > left.x ? (place - left.x) / (right.x - left.x) : 1
    return left.y + share * (right.y - left.y)
  }

  /// A block of the data file: share of the budget in per cent, mean, minimum, maximum, number of seeds.
  func block(title: String) -> String {
    "# \(title.escapingControls())\n# percent\tmean\tminimum\tmaximum\tseeds\n"
      + points.map { "\($0.progress * 100)\t\($0.mean)\t\($0.minimum)\t\($0.maximum)\t\($0.seeds)" }
      .joined(separator: "\n")
  }
}
