/// What an arm takes in a pass of its own, in which nothing else runs. Their names set them apart from figures that were
/// taken beside other workers.
extension Metric {
  /// Seconds of a training step.
  package static let exclusiveStepSeconds = timing(
    "step_seconds", title: "seconds of a training step, alone", head: "time a step", unit: "s", direction: .lower,
    meaning: "Median seconds of a training step after three that warm up.", shownIn: .table, style: .seconds,
    substitutes: [medianStepSeconds]
  ) { $0.stepSeconds }

  /// Training images in a second.
  package static let exclusiveImagesPerSecond = timing(
    "images_per_second", title: "training images a second, alone", unit: "1/s", direction: .higher,
    meaning: "Training images in a second."
  ) { $0.imagesPerSecond }

  /// Budgeted operations in a second.
  package static let exclusiveOperationsPerSecond = timing(
    "gigaflops_per_second", title: "budgeted operations a second, alone", unit: "GFLOP/s", direction: .higher,
    meaning: "Budgeted operations in a second."
  ) { $0.gigaflopsPerSecond }

  /// Budgeted operations of a step.
  package static let exclusiveOperationsPerStep = timing(
    "flops_per_step", title: "budgeted operations of a training step", unit: "FLOP", direction: .neither,
    meaning: "Budgeted operations of a training step.", style: .scientific
  ) { Double($0.flopsPerStep) }

  /// Samples in a second, drawn many at once.
  package static let exclusiveSamplesPerSecond = timing(
    "samples_per_second", title: "samples a second, alone", head: "samples/s", axis: "samples per second, one thread",
    unit: "1/s", direction: .higher, meaning: "Samples in a second, drawn `evaluation.sampleBatch` at once.",
    shownIn: [.table, .terminal], substitutes: [samplesPerSecond]
  ) { $0.samplesPerSecond }

  /// Seconds of one sample.
  package static let exclusiveSingleSampleSeconds = timing(
    "single_sample_seconds", title: "seconds of one sample, alone", unit: "s", direction: .lower,
    meaning: "Seconds of one sample drawn by itself.", style: .seconds
  ) { $0.singleSampleSeconds }

  /// Seconds of a step of the first stage.
  package static let exclusiveFirstStageStepSeconds = timing(
    "first_stage_step_seconds", title: "seconds of a training step of the first stage, alone", unit: "s",
    direction: .lower, meaning: "Median seconds of a training step of the first stage, where an arm has one.",
    style: .seconds
  ) { $0.firstStageStepSeconds }

  private static func timing(
    _ name: String, title: String, head: String? = nil, axis: String? = nil, unit: String, direction: Direction,
    meaning: String, shownIn places: Places = [], style: NumberStyle = .plain, substitutes: [Metric] = [],
    _ value: @escaping @Sendable (ArmTiming) -> Double?
  ) -> Metric {
    Metric(
      "exclusive/\(name)", title: title, head: head, axis: axis, unit: unit, direction: direction, section: .cost,
      meaning: meaning, shownIn: places, style: style, substitutes: substitutes, method: .timing(value))
  }
}
