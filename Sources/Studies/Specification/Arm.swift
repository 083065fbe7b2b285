import LineupFamilies
import LineupLearning
import LineupStrictJSON

/// One contender of a study: a family with its settings.
package struct Arm: Sendable, Hashable {
  /// The name in the file, on command lines and of the folder.
  package let name: String
  /// The name in tables and pictures.
  package let label: String
  package let family: Family
  /// The settings of the arm's family.
  package let options: any FamilyOptions
  /// What the arm's learner is told beside the images, which tables mark.
  package let conditions: [ConditionKind]
  /// The arm's object, complete.
  private let settings: JSONValue

  /// - Parameter settings: the arm's object, checked against the schema and with its defaults filled in.
  init(name: String, settings: JSONValue) throws {
    guard let family = settings["family"]?.text.flatMap(Family.named) else {
      preconditionFailure(
        "the schema lets no family pass that is not in the list: \(settings["family"]?.text ?? "none")")
    }
    (self.name, self.family, self.settings) = (name, family, settings)
    label = settings["label"]?.text ?? name
    options = try family.options(settings)
    conditions = family.conditions(options)
  }

  /// Whether the arm's learner saw labels or captions.
  package var usesLabels: Bool { !conditions.isEmpty }

  /// What of the settings does not fit the data.
  func problems(in facts: StudyFacts) -> [SettingProblem] { family.problems(options, in: facts) }

  /// A fresh learner.
  ///
  /// - Throws: `StudyError` where the arm cannot work on the data.
  func learner(_ context: LearnerContext) throws -> any Learner {
    do {
      return try family.learner(options, context)
    } catch let problem as SettingProblem {
      throw StudyError.unsuitable("The arm \(name) does not fit: \(problem).")
    }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.settings == right.settings
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(settings)
  }

  /// Every family by name.
  static let variants = Variants(
    title: "arm", summary: "One contender: a family of models and its settings.", tag: "family",
    tagSummary: "The family of models; it decides which other members there are.", standard: nil,
    cases: Family.all.map { family in
      var record = family.record
      record.fields = head + record.fields
      return (family.name, record)
    })

  /// The members that every arm has.
  private static let head = [
    Field("label", .text, "The name in tables and pictures, where it differs from the arm's own."),
    Field(
      ignoredMember, .boolean,
      "Read in older files, and without any effect: tables mark what an arm's learner is told."),
  ]

  /// A member of older files that changes nothing any more.
  static let ignoredMember = "usesLabels"
}
