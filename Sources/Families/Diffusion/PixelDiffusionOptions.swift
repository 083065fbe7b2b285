import LineupDiffusion
import LineupLearning
import LineupNetworks
import LineupStrictJSON

/// The settings of a diffusion model on pixels.
public struct PixelDiffusionOptions: DiffusionOptions {
  /// The name in files.
  public static let title = "pixelDiffusion"
  /// What it is, in a sentence.
  public static let summary =
    "A denoising diffusion model on pixels. Captions, where they are its condition, need the network unet2d."

  @Setting(.batchSize) public var batchSize = 32
  @Setting(.learningRate) public var learningRate = 2e-3
  @Setting(.learningRateDecay) public var learningRateDecay = LearningRateSchedule.Decay.cosine
  @Setting(.clipNorm) public var clipNorm = 1.0
  @Setting(.average) public var average = 0.995

  @Setting("The U-Net.") public var network = Network.patch
  @Setting(.prediction) public var prediction = Prediction.v
  @Setting(.diffusionLoss) public var loss = DiffusionLoss.mse
  @Setting(.schedule) public var schedule = NoiseScheduleName.cosine
  @Setting(.timesteps) public var timesteps = 1000
  @Setting("How pictures are drawn.") public var sampler = SamplerOptions()
  @Setting("Whether each training image is mirrored with probability one half.") public var horizontalFlip = false

  @Setting(ConditionOptions.role) package var condition = ConditionOptions(.none)
  @Setting("The text encoder, where captions are the condition.") package var text = TextOptions()
  @Setting(.conditionDropout) package var conditionDropout = 0.1
  @Setting(.guidance) public var guidance: [Double] = []

  /// The defaults.
  public init() {}
}

extension PixelDiffusionOptions {
  /// The U-Net. A preset fills what a file leaves out.
  public struct Network: SettingsVariants {
    /// Sizes that have a name.
    public enum Preset: String, Codable, Sendable, CaseIterable {
      /// The notebook's network: 2,020,257 parameters at one channel.
      case seed
      /// A narrow one on 2×2 patches, for studies of minutes.
      case patch
      /// diffusers' `UNet2DModel`, or `UNet2DConditionModel` where captions are the condition.
      case unet2d
    }

    /// The name in files.
    public static let title = "network"
    /// What it is, in a sentence.
    public static let summary = "The U-Net, from a preset whose members can be changed one by one."

    /// The preset whose members stand where a file says nothing.
    public var preset = Preset.patch

    @Setting(
      .integer(1...16),
      "The side of the square patches that become the channels of one position; 1 works on the pixels themselves.")
    public var patch = NotebookUNet.Configuration.patch.patch

    @Setting(.channels) public var channels = NotebookUNet.Configuration.patch.channels
    @Setting(.integer(1...8), "Residual blocks in each level on the way down.")
    public var blocks = NotebookUNet.Configuration.patch.blocks
    @Setting(.groups) public var groups = NotebookUNet.Configuration.patch.groups
    @Setting(.integer(1...64), "Attention heads.") public var heads = NotebookUNet.Configuration.patch.heads
    @Setting(.integer(1...512), "Features of one attention head.")
    public var headWidth = NotebookUNet.Configuration.patch.headWidth

    /// The members of the preset unet2d.
    package var unet = UNetOptions()

    /// The network of a preset.
    public init(_ preset: Preset) {
      self.preset = preset
      let shape: NotebookUNet.Configuration = preset == .seed ? .seed : .patch
      (patch, channels, blocks) = (shape.patch, shape.channels, shape.blocks)
      (groups, heads, headWidth) = (shape.groups, shape.heads, shape.headWidth)
    }

    /// The network of the annotated diffusion notebook.
    public static let seed = Network(.seed)
    /// A network over patches, for small budgets.
    public static let patch = Network(.patch)
    /// A network shaped as diffusers'.
    public static let unet2d = Network(.unet2d)

    /// The notebook's network of these members, without the name of the preset that they came from.
    public var configuration: NotebookUNet.Configuration {
      .init(patch: patch, channels: channels, blocks: blocks, groups: groups, heads: heads, headWidth: headWidth)
    }

    /// The number that the sides of images must be a multiple of.
    var sideMultiple: Int { preset == .unet2d ? 1 << (unet.channels.count - 1) : configuration.sideMultiple }

    package static let variants = Variants(
      title: title, summary: summary, tag: "preset",
      tagSummary:
        "Fills the members left out: seed is the notebook's network of 2 million parameters, patch a narrow one "
        + "on 2×2 patches, unet2d shaped as diffusers' and able to listen to captions.",
      standard: Preset.patch.rawValue,
      cases: [
        (Preset.seed.rawValue, Record("network seed", "The network of the seed study.", fields: seed.fields)),
        (
          Preset.patch.rawValue,
          Record("network patch", "A narrow network on patches, for studies of minutes.", fields: patch.fields)
        ),
        (Preset.unet2d.rawValue, Record("network unet2d", UNetOptions.summary, fields: UNetOptions().fields)),
      ])
  }
}

extension PixelDiffusionOptions.Network {
  private enum CodingKeys: CodingKey { case preset, patch, channels, blocks, groups, heads, headWidth }

  /// The members of the preset that a file names.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try members.decode(Preset.self, forKey: .preset))
    guard preset != .unet2d else {
      unet = try UNetOptions(from: decoder)
      return
    }
    (patch, channels) = (
      try members.decode(Int.self, forKey: .patch), try members.decode([Int].self, forKey: .channels)
    )
    (blocks, groups) = (try members.decode(Int.self, forKey: .blocks), try members.decode(Int.self, forKey: .groups))
    (heads, headWidth) = (
      try members.decode(Int.self, forKey: .heads), try members.decode(Int.self, forKey: .headWidth)
    )
  }

  /// The members of this preset.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(preset, forKey: .preset)
    guard preset != .unet2d else { return try unet.encode(to: encoder) }
    try members.encode(patch, forKey: .patch)
    try members.encode(channels, forKey: .channels)
    for (key, value) in [(CodingKeys.blocks, blocks), (.groups, groups), (.heads, heads), (.headWidth, headWidth)] {
      try members.encode(value, forKey: key)
    }
  }
}
