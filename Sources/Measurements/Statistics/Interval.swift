/// A confidence interval.
package struct Interval: Sendable, Equatable {
  package let lower: Double
  package let upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether the whole interval lies strictly between −margin and margin: equivalence, if it is a 1 − 2α interval.
  package func isWithin(_ margin: Double) -> Bool { lower > -margin && upper < margin }
}

/// p-values of one test in its three directions.
package struct TestResult: Sendable, Equatable {
  /// The statistic that was tested.
  package let statistic: Double
  /// One-sided: how probable a statistic this large or larger is if nothing differs.
  package let greater: Double
  /// One-sided: how probable a statistic this small or smaller is if nothing differs.
  package let less: Double
  /// Two-sided.
  package let twoSided: Double
}
