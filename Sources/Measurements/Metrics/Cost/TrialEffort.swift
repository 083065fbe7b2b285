/// What training a trial took, whatever the machine.
package struct TrialEffort: Sendable {
  /// Trained numbers in all.
  package var parameters: Int
  /// Those that making a sample needs.
  package var samplingParameters: Int
  /// Budgeted floating-point operations.
  package var flops: Int
  package var steps: Int
  /// Training images, with repetition.
  package var imagesSeen: Int
  /// Updates whose gradient was scaled down.
  package var clipped: Int
  /// Updates that were left out because a gradient was not finite.
  package var skipped: Int

  package init(
    parameters: Int, samplingParameters: Int, flops: Int, steps: Int, imagesSeen: Int, clipped: Int, skipped: Int
  ) {
    self.parameters = parameters
    self.samplingParameters = samplingParameters
    self.flops = flops
    self.steps = steps
    self.imagesSeen = imagesSeen
    self.clipped = clipped
    self.skipped = skipped
  }
}
