import LineupTensors

/// The percentile bootstrap interval of a statistic over runs, drawn from a stream and so repeatable.
///
/// - Parameters:
///   - strata: runs by stratum (a data set, say); each stratum is resampled by itself to its own size.
///   - statistic: of all resampled runs together; by default the interquartile mean.
package func bootstrapInterval(
  strata: [[Double]], confidence: Double = 0.95, replicates: Int = 10_000, random: RandomStream,
  statistic: ([Double]) -> Double = interquartileMean
) -> Interval {
  precondition(strata.contains { !$0.isEmpty } && replicates > 0, "a bootstrap needs runs and replicates")
  var random = random
  var resample = [Double](repeating: 0, count: strata.reduce(0) { $0 + $1.count })
  let values = (0..<replicates).map { _ in
    var place = 0
    for runs in strata {
      for _ in runs.indices {
        resample[place] = runs[random.integer(below: runs.count)]
        place += 1
      }
    }
    return statistic(resample)
  }
  let sorted = ascending(values)
  let tail = (1 - confidence) / 2
  return Interval(lower: sortedQuantile(sorted, tail), upper: sortedQuantile(sorted, 1 - tail))
}

/// The percentile bootstrap interval of a statistic over the runs of one arm.
package func bootstrapInterval(
  _ runs: [Double], confidence: Double = 0.95, replicates: Int = 10_000, random: RandomStream,
  statistic: ([Double]) -> Double = interquartileMean
) -> Interval {
  bootstrapInterval(
    strata: [runs], confidence: confidence, replicates: replicates, random: random, statistic: statistic)
}

/// Student's t interval of the mean of values that are about normal; infinite below two values.
package func studentInterval(_ values: [Double], confidence: Double = 0.95) -> Interval {
  guard values.count > 1 else { return Interval(lower: -.infinity, upper: .infinity) }
  let degrees = Double(values.count - 1)
  let critical = solve(for: confidence, in: 0...1e6) { 1 - studentTwoSided($0, degrees: degrees) }
  let reach = critical * standardDeviation(values) / Double(values.count).squareRoot()
  return Interval(lower: mean(values) - reach, upper: mean(values) + reach)
}
