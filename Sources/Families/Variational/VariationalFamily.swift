import LineupLearning

extension Family {
  /// Variational autoencoders.
  package static let variational = Family(
    VariationalOptions(), learns: [.images, .points],
    // The networks halve images twice.
    problems: { SettingProblem.sides(of: $1, multipleOf: 4, at: ["family"]) },
    learner: { VariationalLearner(options: $0, sampleShape: $1.sampleShape, random: $1.random) })
}
