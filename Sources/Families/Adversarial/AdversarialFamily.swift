import LineupLearning

extension Family {
  /// Generative adversarial networks.
  package static let adversarial = Family(
    AdversarialOptions(), learns: [.images, .points],
    // The networks halve images twice.
    problems: { SettingProblem.sides(of: $1, multipleOf: 4, at: ["family"]) },
    learner: { AdversarialLearner(options: $0, sampleShape: $1.sampleShape, random: $1.random) })
}
