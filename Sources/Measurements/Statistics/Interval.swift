/// A confidence interval.
public struct Interval: Sendable, Equatable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether the whole interval lies strictly between −margin and margin: equivalence, if it is a 1 − 2α interval.
  public func isWithin(_ margin: Double) -> Bool { lower > -margin && upper < margin }
}

/// p-values of one test in its three directions.
public struct TestResult: Sendable, Equatable {
  /// The statistic that was tested.
  public let statistic: Double
  /// One-sided: how probable a statistic this large or larger is if nothing differs.
  public let greater: Double
  /// One-sided: how probable a statistic this small or smaller is if nothing differs.
  public let less: Double
  /// Two-sided.
  public let twoSided: Double
}
