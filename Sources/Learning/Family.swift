import LineupStrictJSON
import LineupTensors

/// The settings of one family, as an experiment file gives them to an arm.
public protocol FamilyOptions: SettingsRecord, Optimization {
  /// Scales of guidance that are shown in grids of their own.
  var guidance: [Double] { get }
}

extension FamilyOptions {
  /// None, for families without guidance.
  public var guidance: [Double] { [] }
}

/// A family of generative models: all that the harness knows of it. There is one value for each, in one list.
package struct Family: Sendable {
  /// The name in files.
  package let name: String
  /// The options as an object of an experiment file: names, ranges, defaults and what each does.
  package let record: Record
  /// What data it can learn.
  package let dataKinds: [StudyFacts.Kind]

  private let decode: @Sendable (JSONValue) throws -> any FamilyOptions
  private let check: @Sendable (any FamilyOptions, StudyFacts) -> [SettingProblem]
  private let told: @Sendable (any FamilyOptions) -> [ConditionKind]
  private let make: @Sendable (any FamilyOptions, LearnerContext) throws -> any Learner

  /// - Parameters:
  ///   - defaults: the options where a file says nothing.
  ///   - dataKinds: what data it can learn.
  ///   - conditions: what a learner of such options is told beside the images.
  ///   - problems: what of the options does not fit together, or does not fit the data.
  ///   - learner: a fresh learner; it is asked for only where there are no problems.
  package init<Options: FamilyOptions>(
    _ defaults: Options, learns dataKinds: [StudyFacts.Kind],
    conditions: @escaping @Sendable (Options) -> [ConditionKind] = { _ in [] },
    problems: @escaping @Sendable (Options, StudyFacts) -> [SettingProblem] = { _, _ in [] },
    learner: @escaping @Sendable (Options, LearnerContext) throws -> any Learner
  ) {
    @Sendable func own(_ options: any FamilyOptions) -> Options {
      guard let options = options as? Options else {
        preconditionFailure("the family \(Options.title) was given the options \(type(of: options))")
      }
      return options
    }
    (name, record, self.dataKinds) = (Options.title, defaults.record, dataKinds)
    decode = { try $0.decoded(as: Options.self) }
    check = { problems(own($0), $1) }
    told = { conditions(own($0)) }
    make = { try learner(own($0), $1) }
  }

  /// Options from an object of a file that the record describes, defaults filled in.
  package func options(_ settings: JSONValue) throws -> any FamilyOptions { try decode(settings) }

  /// What a learner of these options is told beside the images.
  package func conditions(_ options: any FamilyOptions) -> [ConditionKind] { told(options) }

  /// What of the options does not fit together, or does not fit the data.
  package func problems(_ options: any FamilyOptions, in facts: StudyFacts) -> [SettingProblem] {
    dataKinds.contains(facts.kind) ? check(options, facts) : []
  }

  /// A fresh learner.
  ///
  /// - Throws: the first thing that does not fit.
  package func learner(_ options: any FamilyOptions, _ context: LearnerContext) throws -> any Learner {
    guard dataKinds.contains(context.facts.kind) else {
      throw SettingProblem([], found: "the family \(name) with \(context.facts.kind)", expected: "\(dataKinds[0])")
    }
    if let problem = problems(options, in: context.facts).first { throw problem }
    return try make(options, context)
  }
}
