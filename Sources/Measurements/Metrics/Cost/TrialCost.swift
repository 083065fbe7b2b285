/// What a trial took of its machine, with other trials beside it.
package struct TrialCost: Sendable {
  package var wallSeconds: Double
  package var coreSeconds: Double
  /// The median of the last training steps.
  package var medianStepSeconds: Double
  package var peakResidentBytes: Int
  package var peakPoolBytes: Int
  /// Workers that ran at once, this one included.
  package var jobs: Int
  /// Nil for a trial that drew no final samples.
  package var samplesPerSecond: Double?

  package init(
    wallSeconds: Double, coreSeconds: Double, medianStepSeconds: Double, peakResidentBytes: Int, peakPoolBytes: Int,
    jobs: Int, samplesPerSecond: Double? = nil
  ) {
    self.wallSeconds = wallSeconds
    self.coreSeconds = coreSeconds
    self.medianStepSeconds = medianStepSeconds
    self.peakResidentBytes = peakResidentBytes
    self.peakPoolBytes = peakPoolBytes
    self.jobs = jobs
    self.samplesPerSecond = samplesPerSecond
  }
}
