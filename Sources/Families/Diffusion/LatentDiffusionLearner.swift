import LineupDiffusion
import LineupFeatureNetworks
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// Latent ("Stable") diffusion (Rombach et al. 2022) as the training loop sees it.
///
/// While the first share of the budget lasts, an autoencoder learns; then it is frozen, and a U-Net learns to denoise its
/// latents, told by a text encoder what the picture shows. The condition is dropped now and then, so that sampling can be
/// guided away from the unconditional prediction.
package struct LatentDiffusionLearner: Learner {
  package let options: LatentDiffusionOptions
  package let frame: PaddedFrame
  package let schedule: NoiseSchedule
  var firstStage: AutoencoderStage
  var tokenizer: CaptionTokenizer
  var denoiser: Trained<TextConditionedDenoiser>
  /// One over the standard deviation of the latents, `[1]`; 0 until the second stage's first step has measured it.
  package private(set) var latentScale: Tensor

  /// - Parameters:
  ///   - sampleShape: `[height, width, channels]` of the images.
  ///   - captions: those of the training images, from which the tokenizer's vocabulary is learned.
  ///   - perceptual: the network behind the first stage's perceptual term, which is left out without one.
  package init(
    options: LatentDiffusionOptions, sampleShape: [Int], captions: [String], perceptual: PerceptualNetwork?,
    random: RandomStream
  ) {
    self.options = options
    let configuration = options.autoencoderConfiguration(imageChannels: sampleShape[2])
    frame = PaddedFrame(
      sampleShape: sampleShape, multiple: configuration.reduction << (options.unet.channels.count - 1))
    schedule = options.schedule.schedule(timesteps: options.timesteps)
    firstStage = AutoencoderStage(
      options: options.autoencoderTraining, configuration: configuration, perceptual: perceptual,
      random: random.split("firstStage"))
    tokenizer = CaptionTokenizer(captions: captions, vocabularySize: options.text.vocabulary)
    denoiser = Trained(
      TextConditionedDenoiser(options, random: random.split("denoiser")), schedule: options.schedule(),
      clipNorm: options.clipNorm, average: options.average)
    latentScale = .zeros([1])
  }

  package var lossNames: [String] { AutoencoderStage.lossNames + ["diffusion"] }
  package var networkNames: [String] { AutoencoderStage.networkNames + ["unet"] }
  package var keepsAverage: Bool { denoiser.keepsAverage }
  package var conditions: [ConditionKind] { [.text] }
  package var stages: [TrainingStage] {
    [TrainingStage(name: "first stage", start: 0), TrainingStage(name: "diffusion", start: options.firstStageShare)]
  }

  package mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let images = frame.padded(batch.images)
    let share = options.firstStageShare
    if progress < share {
      var report = firstStage.step(on: images, progress: progress / share, random: random)
      report.losses["diffusion"] = .absent
      return report
    }
    return denoiserStep(
      on: images, captions: batch.captions, progress: (progress - share) / (1 - share), random: random)
  }

  /// One step of the second stage; `progress` is the share of its own budget.
  private mutating func denoiserStep(
    on images: Tensor, captions: [String], progress: Double, random: RandomStream
  ) -> StepReport {
    let latents = scaledLatents(of: images, random: random.split("posterior"))
    var (times, noises) = (random.split("time"), random.split("noise"))
    let timesteps = times.integers(below: schedule.timesteps, count: latents.shape[0]).map { Int($0) }
    let noise = noises.normal(latents.shape)
    let noisy = schedule.qSample(latents, noise: noise, at: timesteps)
    let target = options.prediction.target(clean: latents, noise: noise, at: timesteps, schedule: schedule)
    let tokens = droppedTokens(of: captions, count: latents.shape[0], random: random.split("dropout"))

    let update = denoiser.step(progress: progress) { [options] denoiser in
      let context = denoiser.context(of: tokens)
      return options.loss(denoiser.unet(noisy, at: timesteps.map { Float($0) }, context: context), target)
    }
    return StepReport(
      losses: Losses(absent: AutoencoderStage.lossNames).and(["diffusion": update.loss]), updates: ["unet": update],
      learningRate: update.learningRate)
  }

  /// A sample of the posterior of each image's latents, scaled to unit deviation. As in the paper's appendix G, the
  /// deviation is that of the first batch that comes here.
  private mutating func scaledLatents(of images: Tensor, random: RandomStream) -> Tensor {
    let (mean, logVariance) = firstStage.autoencoder.encode(images)
    var stream = random
    let latents = mean + exp(logVariance.scaled(by: 0.5)) * stream.normal(mean.shape)
    if latentScale.values == [0] {
      let variance = square(latents - latents.mean()).mean().scalar
      latentScale = Tensor([variance > 0 ? 1 / variance.squareRoot() : 1], shape: [1])
    }
    return latents * latentScale
  }

  /// The token numbers of each caption, or of the empty one in its place with the probability of dropping.
  private func droppedTokens(of captions: [String], count: Int, random: RandomStream) -> [[Int32]] {
    var stream = random
    return (0..<count).map { index in
      let isDropped = Double(stream.uniform()) < options.conditionDropout
      return tokens(of: isDropped || captions.isEmpty ? "" : captions[index])
    }
  }

  /// The parts of the model as they draw samples.
  package var autoencoder: AutoencoderKL { firstStage.autoencoder }
  package var textTokenizer: ByteLevelBPETokenizer { tokenizer.tokenizer }
  package func denoiser(_ weights: WeightChoice) -> TextConditionedDenoiser {
    denoiser.network(weights)
  }

  /// A caption as the text encoder reads it.
  package func tokens(of caption: String) -> [Int32] {
    tokenizer.tokenizer.encode(caption, length: options.text.contextLength)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("firstStage", &firstStage)
    visitor.child("tokenizer", &tokenizer)
    visitor.child("denoiser", &denoiser)
    visitor.buffer("latentScale", &latentScale)
  }
}

extension LatentDiffusionOptions {
  func autoencoderConfiguration(imageChannels: Int) -> AutoencoderKL.Configuration {
    var configuration = AutoencoderKL.Configuration()
    configuration.imageChannels = imageChannels
    configuration.channels = autoencoder.channels
    configuration.layersPerBlock = autoencoder.layersPerBlock
    configuration.latentChannels = autoencoder.latentChannels
    configuration.groups = autoencoder.groups
    return configuration
  }

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
