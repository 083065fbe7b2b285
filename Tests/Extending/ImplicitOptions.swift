import LineupLearning
import LineupStrictJSON

/// The settings of an implicit model.
package struct ImplicitOptions: FamilyOptions {
  package static let title = "implicit"
  package static let summary = "An implicit model: every real image pulls the nearest sample (Li and Malik 2018)."

  @Setting(.batchSize) package var batchSize = 64
  @Setting(.learningRate) package var learningRate = 1e-3
  @Setting(.learningRateDecay) package var learningRateDecay = LearningRateSchedule.Decay.cosine
  @Setting(.clipNorm) package var clipNorm = 0.0
  @Setting(.average) package var average = 0.995

  @Setting(.integer(1...65536), "How many normal numbers become one sample.") package var latentSize = 32

  @Setting(.integer(1...65536), "Width of the hidden layer.") package var hidden = 256

  @Setting(.integer(1...65536), "Samples drawn in a step, from which every image takes the nearest.")
  package var candidates = 256

  package init() {}
}

extension Family {
  /// Implicit models.
  package static let implicit = Family(
    ImplicitOptions(), learns: [.images],
    learner: { ImplicitLearner(options: $0, sampleShape: $1.sampleShape, random: $1.random) })
}
