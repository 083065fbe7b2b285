import LineupDiffusion
import LineupLearning
import LineupNetworks
import LineupStrictJSON

/// The settings of a latent diffusion model: an autoencoder, a text encoder and a U-Net on the latents.
package struct LatentDiffusionOptions: DiffusionOptions {
  package static let title = "latentDiffusion"
  package static let summary =
    "Latent (\"Stable\") diffusion: an autoencoder, then a U-Net on its latents, told by captions unless its condition is "
    + "none. Measured samples use captions drawn from the training images and guidance 1."

  @Setting(.batchSize) package var batchSize = 16
  @Setting(.learningRate) package var learningRate = 2e-3
  @Setting(.learningRateDecay) package var learningRateDecay = LearningRateSchedule.Decay.cosine
  @Setting(.clipNorm) package var clipNorm = 1.0
  @Setting(.average) package var average = 0.995

  @Setting(.number(.above(0, upTo: 0.95)), "The share of the trial's FLOP budget that trains the first stage.")
  package var firstStageShare = 0.3

  @Setting("The first stage.") package var autoencoder = Autoencoder()
  @Setting("The second stage's network.") package var unet = UNetOptions()
  @Setting(ConditionOptions.role) package var condition = ConditionOptions(.text)
  @Setting("The text encoder, where captions are the condition.") package var text = TextOptions()

  @Setting(.conditionDropout) package var conditionDropout = 0.1

  @Setting(.prediction) package var prediction = Prediction.v
  @Setting(.diffusionLoss) package var loss = DiffusionLoss.mse
  @Setting(.schedule) package var schedule = NoiseScheduleName.cosine
  @Setting(.timesteps) package var timesteps = 1000
  @Setting("How pictures are drawn.") package var sampler = SamplerOptions()

  @Setting(.guidance) package var guidance = [2.0]

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

  /// The first stage's network.
  func configuration(imageChannels: Int) -> AutoencoderKL.Configuration {
    var configuration = AutoencoderKL.Configuration()
    configuration.imageChannels = imageChannels
    configuration.channels = autoencoder.channels
    configuration.layersPerBlock = autoencoder.layersPerBlock
    configuration.latentChannels = autoencoder.latentChannels
    configuration.groups = autoencoder.groups
    return configuration
  }

  /// The first stage's training.
  var autoencoderTraining: AutoencoderOptions {
    var training = AutoencoderOptions()
    training.klWeight = autoencoder.klWeight
    training.perceptualWeight = autoencoder.perceptualWeight
    training.adversarialWeight = autoencoder.adversarialWeight
    training.adversarialStart = autoencoder.adversarialStart
    training.learningRate = autoencoder.learningRate
    training.learningRateDecay = learningRateDecay
    return training
  }
}
