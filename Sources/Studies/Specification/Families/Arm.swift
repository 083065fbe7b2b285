import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupStrictJSON

/// One contender of a study: a family with its settings.
package struct Arm: Sendable, Hashable {
  /// The settings of the arm's family.
  package enum Model: Sendable, Hashable {
    case adversarial(AdversarialOptions)
    case variational(VariationalOptions)
    case pixelDiffusion(PixelDiffusionOptions)
    case latentDiffusion(LatentDiffusionOptions)
  }

  /// What every arm says, whatever its family.
  private struct Head: Codable {
    var family: String
    var label: String?
    var usesLabels: Bool
  }

  /// The name in the file, on command lines and of the folder.
  package let name: String
  /// The name in tables and pictures.
  package let label: String
  /// The family's name as the file spells it.
  package let family: String
  /// Whether the arm saw labels or captions, which tables mark.
  package let usesLabels: Bool
  package let model: Model

  /// - Parameter settings: the arm's object, checked against the schema and with its defaults filled in.
  init(name: String, settings: JSONValue) throws {
    let head: Head = try settings.decoded()
    self.name = name
    label = head.label ?? name
    family = head.family
    usesLabels = head.usesLabels
    switch head.family {
    case "adversarial": model = .adversarial(try settings.decoded())
    case "variational": model = .variational(try settings.decoded())
    case "pixelDiffusion": model = .pixelDiffusion(try settings.decoded())
    case "latentDiffusion": model = .latentDiffusion(try settings.decoded())
    default: preconditionFailure("the schema lets no family pass that is not known here: \(head.family)")
    }
  }

  /// Every family by name. A new family is one more line here and a case of ``Model``.
  static let variants = Variants(
    title: "arm", summary: "One contender: a family of models and its settings.", tag: "family",
    tagSummary: "The family of models; it decides which other members there are.", standard: nil,
    cases: [
      ("adversarial", record(AdversarialOptions.record)),
      ("variational", record(VariationalOptions.record)),
      ("pixelDiffusion", record(PixelDiffusionOptions.record)),
      ("latentDiffusion", record(LatentDiffusionOptions.record, usesLabels: true)),
    ])

  private static func record(_ family: Record, usesLabels: Bool = false) -> Record {
    var record = family
    let head = [
      Field("label", .text, "The name in tables and pictures, where it differs from the arm's own."),
      Field(
        "usesLabels", .boolean, .standard(.boolean(usesLabels)),
        "Whether the arm learns from labels or captions; tables mark it."),
    ]
    record.fields = head + record.fields
    return record
  }
}
