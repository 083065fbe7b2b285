import LineupStrictJSON

/// The settings of optimisation that every family has, to stand at the head of its options.
extension SettingDescription {
  package static let batchSize = Self(.integer(1...65536), "Images a step.")
  package static let learningRate = Self(.number(.above(0, upTo: 10)), "The step size of Adam before it decays.")
  package static let learningRateDecay = Self(
    .choice(LearningRateSchedule.Decay.allCases.map(\.rawValue)),
    "How the learning rate falls with the share of the budget used: not at all, straight to zero, or along half a cosine "
      + "to zero.")
  package static let clipNorm = Self(
    .number(.from(0)),
    "The largest global norm of a gradient; a longer one is scaled down to it, and counted. 0 never clips.")
  package static let average = Self(
    .number(.from(0, below: 1)),
    "The decay of the exponential moving average of the weights, whose pictures are measured beside those of the weights "
      + "themselves. 0 keeps no average.")
  /// Adam's two decay rates, in all networks of a family.
  package static let betas = Self(
    .list(.number(.from(0, below: 1)), count: 2...2),
    "Adam's decay rates of the first and the second moment, in both networks.")
  /// The widths of a network's levels.
  package static let channels = Self(
    .list(.integer(1...4096), count: 1...8),
    "Widths of the levels, outermost first; the resolution halves between them.")
  /// Groups of a network's normalisations.
  package static let groups = Self(
    .integer(1...256), "Groups of the group normalisation; must divide every width.")
}
