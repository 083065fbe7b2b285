import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupMeasurements
import LineupStrictJSON

/// A study as its experiment file describes it, checked and complete.
package struct Specification: Sendable {
  /// The study's name and folder.
  package let name: String
  /// What the study is to answer.
  package let question: String?
  /// Its path is where the files are, wherever the program was started; the experiment file says it relative to itself.
  package internal(set) var data: DataRequest
  package let budget: Budget
  /// One trial of every arm for each.
  package let seeds: [UInt64]
  /// In the file's order.
  package let arms: [Arm]
  package let evaluation: Evaluation
  package let checkpoints: Checkpoints
  /// Kept for the report; not interpreted yet.
  package let claims: JSONValue?
  /// Reserved for searches over settings; not interpreted yet.
  package let search: JSONValue?

  /// - Parameter value: a whole file, checked against the schema and with its defaults filled in.
  init(_ value: JSONValue) throws {
    func member<Value: Decodable>(_ key: String) throws -> Value {
      guard let member = value[key] else { preconditionFailure("the schema fills in \(key)") }
      return try member.decoded()
    }
    name = try member("name")
    question = value["question"]?.text
    data = try member("data")
    budget = try member("budget")
    seeds = try member("seeds")
    evaluation = try member("evaluation")
    checkpoints = try member("checkpoints")
    claims = value["claims"]
    search = value["search"]
    let settings = value["arms"] ?? [:]
    arms = try settings.keys.map { try Arm(name: $0, settings: settings[$0] ?? .null) }
  }

  package func arm(named name: String) -> Arm? {
    arms.first { $0.name == name }
  }
}

/// What one trial may spend on training. The first limit reached ends it.
package struct Budget: SettingsRecord {
  package static let title = "budget"
  package static let summary =
    "What each trial may spend on training; at least one limit, and the first one reached ends the trial."

  @Setting(
    .number(.from(1, upTo: 1e18)),
    "Floating-point operations: twice the multiply-adds of every product and convolution that training executes, "
      + "gradients and first stages included.")
  package var flops: Double? = nil

  @Setting(
    .integer(1...1_000_000_000),
    "Training steps. Arms are comparable under it only where their steps cost the same.")
  package var steps: Int? = nil
}

/// When and how a trial's samples are measured.
package struct Evaluation: SettingsRecord {
  package static let title = "evaluation"
  package static let summary = "When and how samples are measured. None of it counts towards the budget."

  package enum Split: String, Codable, Sendable, CaseIterable {
    case validation
    case test
  }

  private static let weightNames = WeightChoice.allCases.map(\.rawValue)

  @Setting(.integer(2...1_000_000), "Samples drawn at the end, compared with as many real images.")
  package var samples = 1000

  @Setting(.integer(2...1_000_000), "Samples drawn at each mark on the way.") package var interimSamples = 64

  @Setting(
    .list(.number(.above(0, upTo: 1)), count: 0...1000, order: .ascending),
    "Shares of the budget at which to measure on the way. The end is always measured.")
  package var marks = [0.1, 0.25, 0.5, 0.75]

  @Setting(.integer(1...10_000), "Network evaluations for one picture of a diffusion model.")
  package var samplerSteps = 20

  @Setting(
    "The part of the data that the final samples are compared with, and that is reconstructed. Use validation while "
      + "settings are still being chosen.")
  package var split = Split.test

  @Setting(
    .list(.choice(weightNames), count: 1...2, order: .unique),
    "Which weights are measured at the end, the moving average or the trained ones; the first is the headline. An arm "
      + "without an average has only the latter.")
  package var weights = [WeightChoice.average, .raw]

  @Setting(.list(.choice(weightNames), count: 1...2, order: .unique), "Which weights are measured at the marks.")
  package var interimWeights = [WeightChoice.average]

  @Setting(
    .integer(1...4096),
    "Principal components of the pixels that make the feature space, which is named after them: "
      + "`\(FeatureSpace.components().name)`. Fewer are taken where images or pixels are fewer.")
  package var components = FeatureSpace.standardComponents

  @Setting(.integer(1...100), "Neighbours k of \(Metric.neighbourMetrics.map(\.name).joined(separator: ", ")).")
  package var neighbours = 5

  @Setting(.integer(1...65536), "Samples drawn at once; it changes memory and speed, not pictures.")
  package var sampleBatch = 64

  @Setting(.integer(1...64), "Columns of the picture grids: the first samples, never picked ones.")
  package var gridColumns = 10

  @Setting(.integer(1...10_000), "Steps of the pass that measures seconds a step.") package var timingSteps = 20

  package init() {}
}

/// When a trial saves what it needs to go on after an interruption.
package struct Checkpoints: SettingsRecord {
  package static let title = "checkpoints"
  package static let summary =
    "When a trial saves what it needs to go on after an interruption. The last two are kept."

  @Setting(.integer(1...1_000_000_000), "Training steps between two checkpoints.") package var everySteps = 200

  package init() {}
}
