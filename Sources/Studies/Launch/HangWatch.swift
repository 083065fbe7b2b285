import LineupSupport

/// How long a worker may give no sign before it counts as hung.
///
/// A report is a sign, and so is processor time, for a step or a measurement may take long. What computes without ever
/// reporting is hung too, after a much longer time.
package struct HangLimit: Sendable {
  /// Seconds without a report and without processor time.
  package var still: Double

  package init(still: Double = 300) { self.still = still }

  /// Seconds without a report, however much is computed: an hour for a step, several to prepare or to measure.
  func silent(in phase: TrialProgress.Phase) -> Double { still * (phase == .training ? 12 : 72) }
}

/// Counts how long a worker has given no sign.
struct HangWatch {
  /// Of a core; as much as a process that only waits may use now and then.
  private static let leastSeconds = 0.05

  private var (still, silent) = (0.0, 0.0)
  private var (reports, coreSeconds) = (0, 0.0)
  private var last: Double?

  /// Looks at a worker.
  ///
  /// - Parameters:
  ///   - reports: how often it has reported.
  ///   - coreSeconds: the processor time that it has used.
  ///   - now: the clock's seconds.
  /// - Returns: how it hangs, in words, once it is over the limit.
  mutating func look(
    reports: Int, coreSeconds: Double, phase: TrialProgress.Phase, limit: HangLimit, now: Double
  ) -> String? {
    // A runner that was itself stopped for a while does not blame its workers for that time.
    let elapsed = min(now - (last ?? now), 2)
    last = now
    (still, silent) = (still + elapsed, silent + elapsed)
    if reports != self.reports { (still, silent, self.reports) = (0, 0, reports) }
    if coreSeconds - self.coreSeconds >= Self.leastSeconds { (still, self.coreSeconds) = (0, coreSeconds) }
    if still >= limit.still { return "it neither reported nor computed for \(NumberText.duration(still))" }
    if silent >= limit.silent(in: phase) { return "it reported nothing for \(NumberText.duration(silent))" }
    return nil
  }
}
