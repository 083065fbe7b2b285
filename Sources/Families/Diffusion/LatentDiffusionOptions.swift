import LineupDiffusion
import LineupFormats
import LineupLearning
import LineupNetworks

/// The settings of a latent diffusion model: an autoencoder, a text encoder and a U-Net on the latents.
public struct LatentDiffusionOptions: Optimization, Codable, Sendable, Hashable {
  /// The first stage, an `AutoencoderKL`.
  public struct Autoencoder: Codable, Sendable, Hashable {
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels = [8, 16, 32]
    public var layersPerBlock = 1
    /// Groups of the group normalisation.
    public var groups = 4
    public var latentChannels = 4
    /// Weight of the Kullback–Leibler term against the reconstruction, both summed over an image.
    public var klWeight = 1e-2
    /// Weight of the distance between features of the perceptual network; 0 leaves it out.
    public var perceptualWeight = 0.1
    /// Weight of the patch discriminator; 0 leaves it out.
    public var adversarialWeight = 0.5
    /// The share of the first stage's budget after which the discriminator joins.
    public var adversarialStart = 0.8
    public var learningRate = 3e-3

    public init() {}
  }

  /// The second stage's network, shaped as diffusers' `UNet2DConditionModel`.
  public struct UNet: Codable, Sendable, Hashable {
    /// Widths of the levels, outermost first; the resolution halves between them.
    public var channels = [32, 64]
    public var layersPerBlock = 1
    public var heads = 4
    /// Groups of the group normalisation.
    public var groups = 8

    public init() {}
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
  }

  public var batchSize = 16
  public var learningRate = 2e-3
  /// How the learning rate falls with the share of each stage's budget.
  public var learningRateDecay = LearningRateSchedule.Decay.cosine
  /// The largest global norm of the second stage's gradient; 0 never clips.
  public var clipNorm = 1.0
  /// The decay of the moving average of U-Net and text encoder; 0 keeps none.
  public var average = 0.995
  /// The share of the trial's FLOP budget that trains the first stage.
  public var firstStageShare = 0.3
  public var autoencoder = Autoencoder()
  public var unet = UNet()
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
}
