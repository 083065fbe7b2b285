import LineupDiffusion
import LineupLearning
import LineupStrictJSON

/// The settings of a latent diffusion model: an autoencoder, a text encoder and a U-Net on the latents.
package struct LatentDiffusionOptions: FamilyOptions {
  package static let title = "latentDiffusion"
  package static let summary =
    "Latent (\"Stable\") diffusion: an autoencoder, then a text-conditioned U-Net on its latents. Measured samples use "
    + "captions drawn from the training images and guidance 1."

  @Setting(.batchSize) package var batchSize = 16
  @Setting(.learningRate) package var learningRate = 2e-3
  @Setting(.learningRateDecay) package var learningRateDecay = LearningRateSchedule.Decay.cosine
  @Setting(.clipNorm) package var clipNorm = 1.0
  @Setting(.average) package var average = 0.995

  @Setting(.number(.above(0, upTo: 0.95)), "The share of the trial's FLOP budget that trains the first stage.")
  package var firstStageShare = 0.3

  @Setting("The first stage.") package var autoencoder = Autoencoder()
  @Setting("The second stage's network.") package var unet = UNet()
  @Setting("The text encoder.") package var text = Text()

  @Setting(
    .number(.from(0, upTo: 1)),
    "The probability that training replaces a caption by the empty one, which guidance needs.")
  package var conditionDropout = 0.1

  @Setting(.prediction) package var prediction = Prediction.v
  @Setting(.diffusionLoss) package var loss = DiffusionLoss.mse
  @Setting(.schedule) package var schedule = NoiseScheduleName.cosine
  @Setting(.timesteps) package var timesteps = 1000
  @Setting("How pictures are drawn.") package var sampler = SamplerOptions()

  @Setting(
    .list(.number(.from(0, upTo: 100)), count: 0...8, order: .unique),
    "Scales of classifier-free guidance, each shown in a grid of its own; they enter no measurement.")
  package var guidance = [2.0]

  package init() {}
}

extension LatentDiffusionOptions {
  /// The first stage, an `AutoencoderKL`.
  package struct Autoencoder: SettingsRecord {
    package static let title = "autoencoder"
    package static let summary = "The first stage, an AutoencoderKL, trained first and then frozen."

    @Setting(.channels) package var channels = [8, 16, 32]
    @Setting(.integer(1...8), "Residual blocks in each level of the encoder.") package var layersPerBlock = 1
    @Setting(.groups) package var groups = 4
    @Setting(.integer(1...64), "Channels of the latent image.") package var latentChannels = 4

    @Setting(.number(.from(0)), "Weight of the Kullback–Leibler term against the reconstruction.")
    package var klWeight = 1e-2

    @Setting(
      .number(.from(0)), "Weight of the distance between features of the perceptual network; 0 leaves it out.")
    package var perceptualWeight = 0.1

    @Setting(.number(.from(0)), "Weight of the patch discriminator's verdict; 0 leaves it out.")
    package var adversarialWeight = 0.5

    @Setting(
      .number(.from(0, upTo: 1)), "The share of the first stage's budget after which the discriminator joins.")
    package var adversarialStart = 0.8

    @Setting(.number(.above(0, upTo: 10)), "The first stage's learning rate before it decays.")
    package var learningRate = 3e-3

    package init() {}
  }

  /// The second stage's network, shaped as diffusers' `UNet2DConditionModel`.
  package struct UNet: SettingsRecord {
    package static let title = "unet"
    package static let summary = "The U-Net on latents; every level attends to the caption."

    @Setting(.channels) package var channels = [32, 64]
    @Setting(.integer(1...8), "Residual blocks in each level on the way down.") package var layersPerBlock = 1
    @Setting(.integer(1...64), "Attention heads; must divide every width.") package var heads = 4
    @Setting(.groups) package var groups = 8

    package init() {}
  }

  /// The text encoder, shaped as `CLIPTextModel` and trained together with the U-Net.
  package struct Text: SettingsRecord {
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
}
