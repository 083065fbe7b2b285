import LineupFormats
import LineupLearning

extension Field {
  /// The settings of optimisation that every family has, to stand at the head of its fields.
  static let optimization: [Field] = [
    Field("batchSize", .integer(1...65536), "Images a step."),
    Field("learningRate", .number(.above(0, upTo: 10)), "The step size of Adam before it decays."),
    Field(
      "learningRateDecay", .choice(LearningRateSchedule.Decay.allCases.map(\.rawValue)),
      "How the learning rate falls with the share of the budget used: not at all, straight to zero, or along half a "
        + "cosine to zero."),
    Field(
      "clipNorm", .number(.from(0)),
      "The largest global norm of a gradient; a longer one is scaled down to it, and counted. 0 never clips."),
    Field(
      "average", .number(.from(0, below: 1)),
      "The decay of the exponential moving average of the weights, whose pictures are measured beside those of the "
        + "weights themselves. 0 keeps no average."),
  ]

  /// Widths of the stages of a network, outermost first.
  static func channels(_ summary: String) -> Field {
    Field("channels", .list(.integer(1...4096), count: 1...8), summary)
  }
}
