import DiffusionProcess
import Training

/// The settings of a diffusion model on pixels.
public struct PixelDiffusionOptions: Codable, Sendable, Hashable {
  /// The U-Net. A preset fills what a file leaves out.
  public struct Network: Codable, Sendable, Hashable {
    public enum Preset: String, Codable, Sendable, CaseIterable {
      /// The notebook's network: 2,020,257 parameters at one channel.
      case seed
      /// A narrow one on 2×2 patches, for studies of minutes.
      case patch
    }

    public var preset: Preset
    /// The side of the square patches that become the channels of one position; 1 works on the pixels themselves.
    public var patch: Int
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels: [Int]
    /// Residual blocks in each level on the way down.
    public var blocks: Int
    /// Groups of the group normalisation.
    public var groups: Int
    public var heads: Int
    /// Features of one attention head.
    public var headWidth: Int

    /// The network of the seed's diffusion study.
    public static let seed = Network(
      preset: .seed, patch: 1, channels: [28, 56, 112], blocks: 2, groups: 4, heads: 4, headWidth: 32)
    public static let patch = Network(
      preset: .patch, patch: 2, channels: [24, 48], blocks: 1, groups: 4, heads: 4, headWidth: 16)

    static func record(_ network: Network, _ summary: String) -> Record {
      Record(
        "network \(network.preset.rawValue)", summary, defaults: network,
        fields: [
          Field(
            "patch", .integer(1...16),
            "The side of the square patches that become the channels of one position; 1 works on the pixels "
              + "themselves."),
          Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
          Field("blocks", .integer(1...8), "Residual blocks in each level on the way down."),
          Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
          Field("heads", .integer(1...64), "Attention heads."),
          Field("headWidth", .integer(1...512), "Features of one attention head."),
        ])
    }

    static let variants = Variants(
      title: "network", summary: "The U-Net, from a preset whose members can be changed one by one.", tag: "preset",
      tagSummary: "Fills the members left out: seed is the notebook's network of 2 million parameters, patch a narrow "
        + "one on 2×2 patches.", standard: "patch",
      cases: [
        ("seed", record(.seed, "The network of the seed study.")),
        ("patch", record(.patch, "A narrow network on patches, for studies of minutes.")),
      ])
  }

  public var batchSize = 32
  public var learningRate = 2e-3
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  public var clipNorm = 1.0
  public var average = 0.995
  public var network = Network.patch
  public var prediction = Prediction.v
  public var loss = DiffusionLoss.mse
  public var schedule = NoiseScheduleName.cosine
  public var timesteps = 1000
  public var sampler = SamplerOptions()
  /// Whether each training image is mirrored with probability one half.
  public var horizontalFlip = false

  public init() {}

  static let record = Record(
    "pixelDiffusion",
    "A denoising diffusion model on pixels with a U-Net of weight-standardised residual blocks and linear attention.",
    defaults: PixelDiffusionOptions(),
    fields: Field.optimization + [
      Field("network", .variants(Network.variants), "The U-Net.")
    ] + Field.diffusion + [
      Field(
        "horizontalFlip", .boolean, "Whether each training image is mirrored with probability one half.")
    ])
}
