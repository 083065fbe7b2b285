import Foundation
import Testing

/// One change of one member of an experiment file, and what must be different after it.
struct MemberChange: Sendable, CustomTestStringConvertible {
  /// The member's pointer in the schema; an arm is called by its family, and a variant follows its member after a colon.
  var member: String
  /// The member's new value, as JSON.
  var value: String
  var changes: [MemberObservation.Trace]
  /// The arm that is run.
  var arm: String
  /// Other members, set before and after alike.
  var given: [String: String]

  init(
    _ member: String, _ value: String, _ changes: [MemberObservation.Trace], arm: String? = nil,
    given: [String: String] = [:]
  ) {
    (self.member, self.value, self.changes, self.given) = (member, value, changes, given)
    let parts = member.split(separator: "/")
    self.arm = (arm ?? (parts[0] == "arms" ? String(parts[1]) : "adversarial")).lowercased()
  }

  var testDescription: String { "\(member): \(value)" }

  /// A study of seconds.
  static let base = """
    { "name": "base", "data": { "name": "shapes", "size": 16, "count": 24, "validationCount": 12, "testCount": 16 },
      "budget": { "steps": 4 }, "seeds": [3],
      "arms": {
        "adversarial": { "family": "adversarial", "batchSize": 4, "channels": [4, 4], "hidden": 8, "latentSize": 4,
          "average": 0.5, "pointLayers": [4] },
        "variational": { "family": "variational", "batchSize": 4, "channels": [4, 4], "hidden": 8, "latentSize": 4,
          "average": 0.5 },
        "pixeldiffusion": { "family": "pixelDiffusion", "batchSize": 4, "average": 0.5, "timesteps": 20,
          "network": { "channels": [8, 8], "groups": 4, "blocks": 1, "heads": 2, "headWidth": 4 } },
        "latentdiffusion": { "family": "latentDiffusion", "batchSize": 4, "average": 0.5, "timesteps": 20,
          "firstStageShare": 0.5,
          "autoencoder": { "channels": [4, 4], "groups": 2, "latentChannels": 2, "adversarialStart": 0.5 },
          "unet": { "channels": [8, 8], "heads": 2, "groups": 4 },
          "text": { "width": 8, "layers": 1, "heads": 2, "contextLength": 16, "vocabulary": 540 } }
      },
      "evaluation": { "samples": 10, "interimSamples": 6, "marks": [0.5], "samplerSteps": 3, "neighbours": 2,
        "components": 4, "sampleBatch": 5, "gridColumns": 3, "timingSteps": 1 } }
    """

  /// Points instead of images, for the members that only they have.
  static let ring = [
    "/data": "{ \"name\": \"ring\" }",
    "/arms": """
    { "adversarial": { "family": "adversarial", "batchSize": 4, "latentSize": 4, "pointLayers": [4] } }
    """,
  ]

  /// Members that describe, that are reserved, or that are measured elsewhere.
  static let silent: Set<String> = [
    "/$schema", "/name", "/question", "/claims", "/search",
    // What a file is made of: tested with the files themselves.
    "/extends", "/profiles",
    // It changes memory and speed, not pictures.
    "/evaluation/sampleBatch",
    // They need files of one's own: tested with the data sets.
    "/data/path", "/data/allTrain", "/data/background", "/data/skipBad",
  ]

  static let study = [
    MemberChange("/data/name", "\"grid\"", [.data, .training, .samples], given: ring),
    MemberChange("/data/size", "12", [.data, .training, .parameters, .samples]),
    MemberChange("/data/channels", "1", [.data, .training, .parameters, .samples]),
    MemberChange("/data/count", "20", [.data, .training]),
    MemberChange("/data/validationCount", "11", [.metrics], given: ["/evaluation/split": "\"validation\""]),
    MemberChange("/data/testCount", "14", [.metrics]),
    MemberChange("/data/seed", "9", [.data, .training]),
    MemberChange("/budget/flops", "1", [.steps, .training]),
    MemberChange("/budget/steps", "5", [.steps, .training]),
    MemberChange("/seeds", "[3, 4]", [.trials]),
    MemberChange("/seeds", "[4]", [.trials, .training, .samples]),
    MemberChange("/evaluation/samples", "8", [.samples, .metrics]),
    MemberChange("/evaluation/interimSamples", "5", [.marks]),
    MemberChange("/evaluation/marks", "[0.25, 0.75]", [.marks]),
    MemberChange("/evaluation/samplerSteps", "4", [.samples, .pictures], arm: "pixelDiffusion"),
    MemberChange("/evaluation/samplerSteps", "4", [.samples, .pictures], arm: "latentDiffusion"),
    MemberChange("/evaluation/split", "\"validation\"", [.metrics]),
    // The reconstructions' own numbers, which a VAE's metrics hold too.
    MemberChange("/evaluation/split", "\"validation\"", [.metrics], arm: "variational"),
    MemberChange("/evaluation/weights", "[\"raw\"]", [.samples, .metrics, .pictures]),
    MemberChange("/evaluation/interimWeights", "[\"raw\"]", [.marks]),
    MemberChange("/evaluation/components", "3", [.metrics, .marks]),
    MemberChange("/evaluation/neighbours", "3", [.metrics]),
    MemberChange("/evaluation/gridColumns", "4", [.pictures]),
    MemberChange("/evaluation/timingSteps", "2", [.timing]),
    MemberChange("/checkpoints/everySteps", "2", [.checkpoints]),
  ]

  /// The members that every family has; the first weights of the learners are all the same after them.
  static let common = ["adversarial", "variational", "pixelDiffusion", "latentDiffusion"].flatMap { family in
    let decay = family == "adversarial" ? "\"cosine\"" : "\"constant\""
    return [
      MemberChange("/arms/\(family)/batchSize", "3", [.training, .steps]),
      MemberChange("/arms/\(family)/learningRate", "0.01", [.training]),
      MemberChange("/arms/\(family)/learningRateDecay", decay, [.training]),
      MemberChange("/arms/\(family)/clipNorm", "0.001", [.training]),
      MemberChange("/arms/\(family)/average", "0", [.samples, .pictures]),
    ]
  }

  static let own = [
    MemberChange("/arms/adversarial/generatorLearningRate", "0.01", [.training]),
    MemberChange("/arms/adversarial/discriminatorLearningRate", "0.01", [.training]),
    MemberChange("/arms/adversarial/betas", "[0.1, 0.9]", [.training]),
    MemberChange("/arms/adversarial/latentSize", "5", [.training, .parameters]),
    MemberChange("/arms/adversarial/channels", "[4, 6]", [.training, .parameters]),
    MemberChange("/arms/adversarial/hidden", "9", [.training, .parameters]),
    MemberChange("/arms/adversarial/pointLayers", "[4, 4]", [.training, .parameters], given: ring),
    MemberChange("/arms/adversarial/r1", "1", [.training]),
    MemberChange("/arms/variational/latentSize", "5", [.training, .parameters]),
    MemberChange("/arms/variational/channels", "[4, 6]", [.training, .parameters]),
    MemberChange("/arms/variational/hidden", "9", [.training, .parameters]),
    MemberChange("/arms/variational/beta", "4", [.training]),
    MemberChange("/arms/variational/decoderVariance", "0.2", [.training]),
    MemberChange("/arms/pixelDiffusion/horizontalFlip", "true", [.training]),
    MemberChange("/arms/latentDiffusion/firstStageShare", "0.25", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/channels", "[4, 8]", [.training, .parameters]),
    MemberChange("/arms/latentDiffusion/autoencoder/layersPerBlock", "2", [.training, .parameters]),
    MemberChange("/arms/latentDiffusion/autoencoder/groups", "4", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/latentChannels", "3", [.training, .parameters]),
    MemberChange("/arms/latentDiffusion/autoencoder/klWeight", "1", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/perceptualWeight", "0", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/adversarialWeight", "2", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/adversarialStart", "0", [.training]),
    MemberChange("/arms/latentDiffusion/autoencoder/learningRate", "0.01", [.training]),
    MemberChange("/arms/latentDiffusion/unet/channels", "[8, 16]", [.training, .parameters]),
    MemberChange("/arms/latentDiffusion/unet/layersPerBlock", "2", [.training, .parameters]),
    MemberChange("/arms/latentDiffusion/unet/heads", "1", [.training]),
    MemberChange("/arms/latentDiffusion/unet/groups", "2", [.training]),
  ]

  /// The networks of pixel diffusion, each with its own members.
  static let networks =
    [
      MemberChange("/arms/pixelDiffusion/network/preset", "\"seed\"", [.training, .parameters]),
      MemberChange("/arms/pixelDiffusion/network:unet2d/channels", "[8, 16]", [.training, .parameters], given: unet),
      MemberChange("/arms/pixelDiffusion/network:unet2d/layersPerBlock", "2", [.training, .parameters], given: unet),
      MemberChange("/arms/pixelDiffusion/network:unet2d/heads", "1", [.training], given: unet),
      MemberChange("/arms/pixelDiffusion/network:unet2d/groups", "2", [.training], given: unet),
    ]
    + ["seed", "patch"].flatMap { preset in
      let given = ["/arms/pixelDiffusion/network/preset": "\"\(preset)\""]
      return [
        ("patch", "1"), ("channels", "[8, 12]"), ("blocks", "2"), ("groups", "2"), ("heads", "1"), ("headWidth", "6"),
      ]
      .map { name, value in
        let same = name == "groups"
        let value = name == "patch" && preset == "seed" ? "2" : value
        return MemberChange(
          "/arms/pixelDiffusion/network:\(preset)/\(name)", value, same ? [.training] : [.training, .parameters],
          given: given)
      }
    }

  static let unet = [
    "/arms/pixelDiffusion/network":
      "{ \"preset\": \"unet2d\", \"channels\": [8, 8], \"heads\": 2, \"groups\": 4, \"layersPerBlock\": 1 }"
  ]

  /// What diffusion is conditioned on, in pixels and in latents.
  static let conditions = ["pixelDiffusion", "latentDiffusion"].flatMap { family -> [MemberChange] in
    let text = ["/arms/\(family)/condition/kind": "\"text\"", "/arms/\(family)/text": smallText]
    let given = family == "pixelDiffusion" ? text.merging(unet) { $1 } : text
    return [
      MemberChange("/arms/\(family)/condition/kind", "\"class\"", [.training, .parameters], given: given),
      MemberChange("/arms/\(family)/text/width", "12", [.training, .parameters], given: given),
      MemberChange("/arms/\(family)/text/layers", "2", [.training, .parameters], given: given),
      // The text encoder's heads show only once its projections have moved away from their small first values.
      MemberChange(
        "/arms/\(family)/text/heads", "1", [.training],
        given: given.merging(["/budget/steps": "8", "/arms/\(family)/learningRate": "0.02"]) { $1 }),
      MemberChange("/arms/\(family)/text/contextLength", "8", [.training, .parameters], given: given),
      MemberChange("/arms/\(family)/text/vocabulary", "520", [.training, .parameters], given: given),
      MemberChange("/arms/\(family)/conditionDropout", "1", [.training], given: given),
      MemberChange("/arms/\(family)/guidance", "[2, 3]", [.pictures], given: given),
    ]
  }

  static let smallText = """
    { "width": 8, "layers": 1, "heads": 2, "contextLength": 16, "vocabulary": 540 }
    """

  static let diffusion = ["pixelDiffusion", "latentDiffusion"].flatMap { family in
    [
      MemberChange("/arms/\(family)/prediction", "\"epsilon\"", [.training]),
      MemberChange("/arms/\(family)/loss", "\"huber\"", [.training]),
      MemberChange("/arms/\(family)/schedule", "\"linear\"", [.training]),
      MemberChange("/arms/\(family)/timesteps", "30", [.training]),
      MemberChange("/arms/\(family)/sampler/name", "\"ddpm\"", [.samples, .pictures]),
      MemberChange("/arms/\(family)/sampler/steps", "2", [.samples, .pictures]),
      MemberChange("/arms/\(family)/sampler/spacing", "\"leading\"", [.samples, .pictures]),
      MemberChange(
        "/arms/\(family)/sampler/sigmas", "\"karras\"", [.samples, .pictures],
        given: ["/arms/\(family)/sampler/name": "\"dpm++2m\""]),
      MemberChange("/arms/\(family)/sampler/eta", "1", [.samples, .pictures]),
    ]
  }

  static let all = study + common + own + networks + conditions + diffusion

  /// The study before the change, and after it.
  var before: [String: Any] { given.sorted { $0.key < $1.key }.reduce(Self.object(Self.base)) { Self.set($1, in: $0) } }
  var after: [String: Any] { Self.set((member, value), in: before) }

  private static func object(_ text: String) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) as? [String: Any] ?? [:]
  }

  private static func set(_ change: (key: String, value: String), in file: [String: Any]) -> [String: Any] {
    let value = try? JSONSerialization.jsonObject(with: Data(change.value.utf8), options: .fragmentsAllowed)
    func set(_ path: ArraySlice<String>, in object: Any?) -> Any? {
      guard let key = path.first else { return value }
      var object = object as? [String: Any] ?? [:]
      object[key] = set(path.dropFirst(), in: object[key])
      return object
    }
    var path = change.key.split(separator: "/").map { String($0.prefix { $0 != ":" }) }
    // Arms are folders, and called by their families in small letters.
    if path[0] == "arms", path.count > 1 { path[1] = path[1].lowercased() }
    return set(path[...], in: file) as? [String: Any] ?? [:]
  }
}
