import LineupDiffusion
import LineupLearning
import LineupStrictJSON

/// What the options of diffusion models have in common, whatever their space.
package protocol DiffusionOptions: FamilyOptions {
  var prediction: Prediction { get }
  var loss: DiffusionLoss { get }
  var schedule: NoiseScheduleName { get }
  var timesteps: Int { get }
  var sampler: SamplerOptions { get }
  var condition: ConditionOptions { get }
  var text: TextOptions { get }
  /// The probability that training replaces a condition by the empty one.
  var conditionDropout: Double { get }
}

extension DiffusionOptions {
  /// What a learner of these options is told beside the image.
  var conditionKinds: [ConditionKind] { condition.kind.kind.map { [$0] } ?? [] }

  /// What all diffusion models check of their options.
  func commonProblems(in facts: StudyFacts) -> [SettingProblem] {
    SettingProblem.sampler(sampler, over: schedule, timesteps: timesteps, prediction, in: facts)
      + condition.kind.problems(self, facts)
  }
}

/// What a diffusion model is told beside the image.
package struct ConditionOptions: SettingsRecord {
  package static let title = "condition"
  package static let summary = "What the model is told of the picture that it is to draw."

  /// What the object is for, in an arm.
  static let role = "What the model is told beside the image, in training and sampling."

  @Setting("Nothing, the caption of the image, or its class.") package var kind = Condition.none

  package init(_ kind: Condition) { self.kind = kind }
}

/// The text encoder, shaped as `CLIPTextModel` and trained together with the denoiser.
package struct TextOptions: SettingsRecord {
  package static let title = "text"
  package static let summary = "The text encoder, shaped as CLIP's and trained together with the U-Net."

  @Setting(
    .integer(1...4096), "Features of a token, which is also the width of the context that the U-Net attends to.")
  package var width = 64

  @Setting(.integer(1...48), "Transformer layers.") package var layers = 2
  @Setting(.integer(1...64), "Attention heads; must divide the width.") package var heads = 4
  @Setting(.integer(4...1024), "Tokens that a caption is cut or padded to.") package var contextLength = 24

  @Setting(
    .integer(514...100_000),
    "The most tokens that the byte-level tokenizer has; 514 are the bytes and the two marks alone.")
  package var vocabulary = 1024

  package init() {}
}

/// A U-Net shaped as diffusers' `UNet2DConditionModel` where it listens to a text, and as `UNet2DModel` where it does not.
package struct UNetOptions: SettingsRecord {
  package static let title = "unet"
  package static let summary = "The U-Net; every level has attention, to the caption too where there is one."

  @Setting(.channels) package var channels = [32, 64]
  @Setting(.integer(1...8), "Residual blocks in each level on the way down.") package var layersPerBlock = 1
  @Setting(.integer(1...64), "Attention heads; must divide every width.") package var heads = 4
  @Setting(.groups) package var groups = 8

  package init() {}

  /// What of the widths does not divide.
  func problems(at path: [String]) -> [SettingProblem] {
    SettingProblem.divisor(groups, "groups", of: channels, at: path)
      + SettingProblem.divisor(heads, "heads", of: channels, at: path)
  }
}

extension SettingDescription {
  static let conditionDropout = Self(
    .number(.from(0, upTo: 1)),
    "The probability that training replaces a caption by the empty one, which guidance needs.")
  static let guidance = Self(
    .list(.number(.from(0, upTo: 100)), count: 0...8, order: .unique),
    "Scales of classifier-free guidance, each shown in a grid of its own; they enter no measurement.")
}
