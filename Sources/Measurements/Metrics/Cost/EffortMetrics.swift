/// What training took, whatever the machine.
extension Metric {
  /// All trained numbers.
  package static let parameters = effort(
    "parameters", title: "trained numbers",
    meaning: "Parameters of all networks, first stage and text encoder included.",
    shownIn: .table, style: .large
  ) { $0.parameters }

  /// The trained numbers that a sample needs.
  package static let samplingParameters = effort(
    "sampling_parameters", title: "trained numbers that sampling uses", head: "to sample",
    meaning: "Parameters of the networks that sampling uses.", shownIn: .table, style: .large
  ) { $0.samplingParameters }

  /// Operations that count towards the budget.
  package static let flops = effort(
    "flops", title: "budgeted floating-point operations", head: "operations", unit: "FLOP",
    meaning: "2 × multiply-adds of all products and convolutions of training, as the direct algorithm would need them; "
      + "second-order passes, first stages, perceptual networks and latent encoding included.",
    traps:
      "Evaluation, the arithmetic of optimizers and elementwise functions, and the measuring classifier are not in it.",
    shownIn: .table, style: .scientific
  ) { $0.flops }

  /// Training steps.
  package static let steps = effort(
    "steps", title: "training steps", meaning: "Training steps.", shownIn: .table
  ) { $0.steps }

  /// Training images with repetition.
  package static let imagesSeen = effort(
    "images_seen", title: "training images with repetition", head: "images seen",
    meaning: "Training images, with repetition.", shownIn: .table, style: .large
  ) { $0.imagesSeen }

  /// Updates whose gradient was scaled down.
  package static let clippedUpdates = effort(
    "clipped_updates", title: "updates whose gradient was clipped", head: "updates clipped",
    meaning: "Updates whose gradient was scaled down."
  ) { $0.clipped }

  /// Updates that were left out.
  package static let skippedUpdates = effort(
    "skipped_updates", title: "updates left out", head: "updates skipped",
    meaning: "Updates that were left out because a gradient was not finite."
  ) { $0.skipped }

  private static func effort(
    _ name: String, title: String, head: String? = nil, unit: String = "1", meaning: String, traps: String = "",
    shownIn places: Places = [], style: NumberStyle = .plain, _ count: @escaping @Sendable (TrialEffort) -> Int
  ) -> Metric {
    Metric(
      name, title: title, head: head, unit: unit, direction: .neither, section: .cost, meaning: meaning, traps: traps,
      shownIn: places, style: style, method: .effort(count))
  }
}
