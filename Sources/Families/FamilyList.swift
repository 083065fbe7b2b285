import LineupLearning
import LineupStrictJSON

extension Family {
  /// Every family of the harness. A new one is one more line.
  package static let all: [Family] = [.adversarial, .variational, .pixelDiffusion, .latentDiffusion]

  /// The family of a name; nil where there is none.
  package static func named(_ name: String) -> Family? { all.first { $0.name == name } }

  /// The arms of the smallest experiment file, as its reference page shows them.
  package static let exampleArms = """
    "gan": { "family": "\(adversarial.name)" },
    "vae": { "family": "\(variational.name)", "beta": 4 }
    """
}
