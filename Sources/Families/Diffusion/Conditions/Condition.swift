import LineupLearning
import LineupNetworks
import LineupTensors

/// What a diffusion model can be told beside the image: one value for each kind, which stands in a file of its own, in one
/// list.
package struct Condition: RawRepresentable, Hashable, Codable, CaseIterable, Sendable {
  /// Every kind. A new one is a file and a line here.
  package static let allCases: [Condition] = [.none, .text, .class]

  /// The name in files.
  package let rawValue: String
  /// What tables call it; nil where nothing is told.
  let kind: ConditionKind?
  /// What of the options or the data it cannot work with.
  let problems: @Sendable (any DiffusionOptions, StudyFacts) -> [SettingProblem]
  /// What reads the condition of an image, and the network that makes features of it, trained with the denoiser; nil where
  /// nothing is told.
  let parts: @Sendable (any DiffusionOptions, ConditionData, RandomStream) -> Parts?

  /// A reader and an encoder that belong together.
  struct Parts {
    var reader: any ConditionReader
    var encoder: any ContextEncoder
  }

  init(
    _ name: String, _ kind: ConditionKind?,
    problems: @escaping @Sendable (any DiffusionOptions, StudyFacts) -> [SettingProblem] = { _, _ in [] },
    parts: @escaping @Sendable (any DiffusionOptions, ConditionData, RandomStream) -> Parts?
  ) {
    (rawValue, self.kind, self.problems, self.parts) = (name, kind, problems, parts)
  }

  package init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }

  package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// Nothing.
  package static let none = Condition("none", nil) { _, _, _ in nil }
}

/// What is known of the training images' conditions before training.
package struct ConditionData: Sendable {
  /// The distinct captions, sorted.
  package var captions: [String]
  /// How many classes there are.
  package var classCount: Int

  package init(captions: [String] = [], classCount: Int = 0) {
    (self.captions, self.classCount) = (captions, classCount)
  }
}

/// Turns what an image is told by into numbers that an encoder reads.
package protocol ConditionReader: Module {
  /// The numbers of each of `count` images; an image whose condition is not given is told nothing.
  func tokens(captions: [String], labels: [Int32], count: Int) -> [[Int32]]
  /// The numbers of "told nothing", which guidance needs.
  var empty: [Int32] { get }
}

/// A network that makes of numbers the features to which a denoiser listens.
package protocol ContextEncoder: Module {
  /// `[conditions, length, width]`.
  func context(of tokens: [[Int32]]) -> Tensor
}
