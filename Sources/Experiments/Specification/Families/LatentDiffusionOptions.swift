import DiffusionProcess
import Training

/// The settings of a latent diffusion model: an autoencoder, a text encoder and a U-Net on the latents.
public struct LatentDiffusionOptions: Codable, Sendable, Hashable {
  /// The first stage, an `AutoencoderKL`.
  public struct Autoencoder: Codable, Sendable, Hashable {
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels = [8, 16, 32]
    public var layersPerBlock = 1
    /// Groups of the group normalisation.
    public var groups = 4
    public var latentChannels = 4
    /// Weight of the Kullback–Leibler term against the reconstruction, both summed over an image.
    public var klWeight = 1e-6
    /// Weight of the distance between features of the perceptual network; 0 leaves it out.
    public var perceptualWeight = 0.1
    /// Weight of the patch discriminator; 0 leaves it out.
    public var adversarialWeight = 0.5
    /// The share of the first stage's budget after which the discriminator joins.
    public var adversarialStart = 0.5
    public var learningRate = 2e-3

    public init() {}

    static let record = Record(
      "autoencoder", "The first stage, an AutoencoderKL, trained first and then frozen.", defaults: Autoencoder(),
      fields: [
        Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
        Field("layersPerBlock", .integer(1...8), "Residual blocks in each level of the encoder."),
        Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
        Field("latentChannels", .integer(1...64), "Channels of the latent image."),
        Field("klWeight", .number(.from(0)), "Weight of the Kullback–Leibler term against the reconstruction."),
        Field(
          "perceptualWeight", .number(.from(0)),
          "Weight of the distance between features of the perceptual network; 0 leaves it out."),
        Field(
          "adversarialWeight", .number(.from(0)),
          "Weight of the patch discriminator's verdict; 0 leaves it out."),
        Field(
          "adversarialStart", .number(.from(0, upTo: 1)),
          "The share of the first stage's budget after which the discriminator joins."),
        Field("learningRate", .number(.above(0, upTo: 10)), "The first stage's learning rate, which stays constant."),
      ])
  }

  /// The second stage's network, shaped as diffusers' `UNet2DConditionModel`.
  public struct ConditionalUNet: Codable, Sendable, Hashable {
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels = [48, 96]
    public var layersPerBlock = 1
    public var heads = 4
    /// Groups of the group normalisation.
    public var groups = 8

    public init() {}

    static let record = Record(
      "unet", "The U-Net on latents; every level attends to the caption.", defaults: ConditionalUNet(),
      fields: [
        Field.channels("Widths of the levels, outermost first; the resolution halves between them."),
        Field("layersPerBlock", .integer(1...8), "Residual blocks in each level on the way down."),
        Field("heads", .integer(1...64), "Attention heads; must divide every width."),
        Field("groups", .integer(1...256), "Groups of the group normalisation; must divide every width."),
      ])
  }

  /// The text encoder, shaped as `CLIPTextModel` and trained together with the U-Net.
  public struct Text: Codable, Sendable, Hashable {
    /// Features of a token, which is also the width of the U-Net's cross-attention context.
    public var width = 64
    public var layers = 2
    public var heads = 4
    /// Tokens a caption is cut or padded to.
    public var contextLength = 24
    /// The most tokens that the tokenizer has; 514 are the bytes and the two marks alone.
    public var vocabulary = 1024

    public init() {}

    static let record = Record(
      "text", "The text encoder, shaped as CLIP's and trained together with the U-Net.", defaults: Text(),
      fields: [
        Field(
          "width", .integer(1...4096),
          "Features of a token, which is also the width of the context that the U-Net attends to."),
        Field("layers", .integer(1...48), "Transformer layers."),
        Field("heads", .integer(1...64), "Attention heads; must divide the width."),
        Field("contextLength", .integer(4...1024), "Tokens that a caption is cut or padded to."),
        Field(
          "vocabulary", .integer(514...100_000),
          "The most tokens that the byte-level tokenizer has; 514 are the bytes and the two marks alone."),
      ])
  }

  public var batchSize = 32
  public var learningRate = 2e-3
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  public var clipNorm = 1.0
  public var average = 0.995
  /// The share of the trial's FLOP budget that trains the first stage.
  public var firstStageShare = 0.3
  public var autoencoder = Autoencoder()
  public var unet = ConditionalUNet()
  public var text = Text()
  /// The probability that a caption is replaced by the empty one in training.
  public var conditionDropout = 0.1
  public var prediction = Prediction.v
  public var loss = DiffusionLoss.mse
  public var schedule = NoiseScheduleName.cosine
  public var timesteps = 1000
  public var sampler = SamplerOptions()
  /// Guidance scales of the guided picture grids; measured samples are drawn at 1.
  public var guidance = [2.0]

  public init() {}

  static let record = Record(
    "latentDiffusion",
    "Latent (\"Stable\") diffusion: an autoencoder, then a text-conditioned U-Net on its latents. Measured samples use "
      + "captions drawn from the training images and guidance 1.",
    defaults: LatentDiffusionOptions(),
    fields: Field.optimization + [
      Field(
        "firstStageShare", .number(.above(0, upTo: 0.95)),
        "The share of the trial's FLOP budget that trains the first stage."),
      Field("autoencoder", .record(Autoencoder.record), "The first stage."),
      Field("unet", .record(ConditionalUNet.record), "The second stage's network."),
      Field("text", .record(Text.record), "The text encoder."),
      Field(
        "conditionDropout", .number(.from(0, upTo: 1)),
        "The probability that training replaces a caption by the empty one, which guidance needs."),
    ] + Field.diffusion + [
      Field(
        "guidance", .list(.number(.from(0, upTo: 100)), count: 0...8, order: .unique),
        "Scales of classifier-free guidance, each shown in a grid of its own; they enter no measurement.")
    ])
}
