/// What an arm costs, measured in a pass of its own while nothing else runs beside it.
package struct ArmTiming: Sendable, Codable {
  package var arm: String
  package var specificationHash: String
  /// The SHA-256 of what the arm's speed depends on; nil in records of earlier versions.
  package var identity: String?
  package var stepSeconds: Double
  /// Steps of the first stage, where an arm has two.
  package var firstStageStepSeconds: Double?
  package var imagesPerSecond: Double
  package var gigaflopsPerSecond: Double
  package var flopsPerStep: Int
  package var samplesPerSecond: Double
  /// One sample at a time.
  package var singleSampleSeconds: Double
  package var steps: Int
  package var threads: Int
  /// Processor cores that other programs used meanwhile, on average; nil where the kernel does not say, and in earlier files.
  package var coresOfOthers: Double?

  /// Up to so many, the pass was alone for all that matters: a machine is never quite still.
  package static let mostAlone = 0.25

  package init(
    arm: String, specificationHash: String, identity: String?, stepSeconds: Double, firstStageStepSeconds: Double?,
    imagesPerSecond: Double, gigaflopsPerSecond: Double, flopsPerStep: Int, samplesPerSecond: Double,
    singleSampleSeconds: Double, steps: Int, threads: Int, coresOfOthers: Double? = nil
  ) {
    self.arm = arm
    self.specificationHash = specificationHash
    self.identity = identity
    self.stepSeconds = stepSeconds
    self.firstStageStepSeconds = firstStageStepSeconds
    self.imagesPerSecond = imagesPerSecond
    self.gigaflopsPerSecond = gigaflopsPerSecond
    self.flopsPerStep = flopsPerStep
    self.samplesPerSecond = samplesPerSecond
    self.singleSampleSeconds = singleSampleSeconds
    self.steps = steps
    self.threads = threads
    self.coresOfOthers = coresOfOthers
  }
}
