import LineupSupport

/// One measured piece of work.
struct Measurement: Codable, Sendable {
  /// The table it belongs to.
  var group: String
  /// The work with its shapes.
  var work: String
  /// The median over repetitions.
  var milliseconds: Double
  /// How fast that is, in `unit`.
  var rate: Double
  var unit: String
}

/// Repeats pieces of work and keeps the median time of each.
struct Stopwatch {
  /// How long each piece is repeated, at least.
  var secondsEach: Double

  /// The median seconds of one call. The first calls warm caches and buffer pools and do not count.
  func median(of work: () -> Void) -> Double {
    func once() -> Double {
      let start = Clock.seconds
      work()
      return Clock.seconds - start
    }
    _ = once()
    _ = once()
    var times: [Double] = []
    var total = 0.0
    while total < secondsEach || times.count < 5 {
      times.append(once())
      total += times[times.count - 1]
    }
    return times.sorted()[times.count / 2]
  }
}
