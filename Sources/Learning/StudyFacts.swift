import LineupTensors

/// What a family is told of a study: its data, as far as they are known, and how its samples are drawn.
package struct StudyFacts: Sendable, Hashable {
  package enum Kind: String, Sendable { case images, points }

  /// The data set's name in files.
  package var name: String
  package var kind: Kind
  /// `[height, width, channels]` of an image, or `[2]`; nil where only loading tells.
  package var sampleShape: [Int]?
  /// Whether there is a caption for each image; nil where only loading tells.
  package var hasCaptions: Bool?
  /// How many classes the images have; nil where only loading tells.
  package var classCount: Int?
  /// Network evaluations for one picture, where an arm does not say its own.
  package var samplerSteps: Int

  package init(
    name: String, kind: Kind, sampleShape: [Int]? = nil, hasCaptions: Bool? = nil, classCount: Int? = nil,
    samplerSteps: Int = 20
  ) {
    (self.name, self.kind, self.sampleShape) = (name, kind, sampleShape)
    (self.hasCaptions, self.classCount, self.samplerSteps) = (hasCaptions, classCount, samplerSteps)
  }
}

/// What a fresh learner is made from, beside its options.
package struct LearnerContext: Sendable {
  /// Of loaded data, so everything is known.
  package var facts: StudyFacts
  /// The distinct captions of the training images, sorted.
  package var captions: [String]
  /// The source of the first weights.
  package var random: RandomStream

  package init(facts: StudyFacts, captions: [String] = [], random: RandomStream) {
    (self.facts, self.captions, self.random) = (facts, captions, random)
  }

  /// The shape of one sample.
  package var sampleShape: [Int] {
    guard let shape = facts.sampleShape else {
      preconditionFailure("the data of a learner are loaded and have a shape")
    }
    return shape
  }
}
