import LineupFeatureNetworks
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// The settings of an autoencoder's training.
package struct AutoencoderOptions: Codable, Sendable, Hashable {
  /// Weight of the Kullback–Leibler term against the reconstruction, both summed over an image.
  package var klWeight = 1e-6
  /// Weight of the perceptual distance against the absolute error of a pixel; 0 leaves it out.
  package var perceptualWeight = 0.1
  /// Weight of the patch discriminator, on top of the adaptive one; 0 leaves it out.
  package var adversarialWeight = 0.5
  /// The share of the budget after which the discriminator joins.
  package var adversarialStart = 0.5
  package var learningRate = 2e-3
  package var learningRateDecay = LearningRateSchedule.Decay.constant
  /// Adam's decay rates of the first and second moment, in both networks.
  package var betas = [0.5, 0.9]

  package init() {}
}

/// Trains an `AutoencoderKL` as the first stage of latent diffusion (Rombach et al. 2022, appendix G; the numbers are those
/// of their published code): absolute error, perceptual distance, a weak pull toward the standard normal, and after a
/// warm-up a patch discriminator.
///
/// It is no learner: whoever trains the second stage drives it and shows it in its own walk.
package struct AutoencoderStage: Module {
  package let options: AutoencoderOptions
  var coder: Trained<AutoencoderKL>
  var discriminator: Trained<PatchDiscriminator>?
  /// Its perceptual network is frozen and comes from a file, so the walk leaves it out.
  private let loss: ReconstructionLoss

  /// The names of what `step` reports, in order.
  ///
  /// `reconstruction` is the mean absolute error of a pixel value, `perceptual` the mean distance of an image, `kl` the
  /// divergence of an image in nats, `adversarialWeight` the adaptive weight before the configured one.
  package static let lossNames = [
    "reconstruction", "perceptual", "kl", "adversarial", "adversarialWeight", "discriminator",
  ]
  package static let networkNames = ["autoencoder", "discriminator"]

  /// - Parameter perceptual: the network behind the perceptual term, which is left out without one.
  package init(
    options: AutoencoderOptions, configuration: AutoencoderKL.Configuration, perceptual: PerceptualNetwork?,
    random: RandomStream
  ) {
    self.options = options
    let schedule = LearningRateSchedule(peak: options.learningRate, decay: options.learningRateDecay)
    coder = Trained(
      AutoencoderKL(configuration, random: random.split("autoencoder")), schedule: schedule, betas: options.betas)
    loss = ReconstructionLoss(
      perceptual: options.perceptualWeight > 0 ? perceptual : nil, perceptualWeight: Float(options.perceptualWeight),
      adversarialWeight: options.adversarialWeight)
    if options.adversarialWeight > 0 {
      discriminator = Trained(
        PatchDiscriminator(channels: configuration.imageChannels, random: random.split("discriminator")),
        schedule: schedule, betas: options.betas)
    }
  }

  /// The network as training left it.
  package var autoencoder: AutoencoderKL { coder.network }

  /// One training step on images `[batch, height, width, channels]` in [−1, 1]. `progress` is the share of this stage's own
  /// budget used so far, in [0, 1).
  package mutating func step(on images: Tensor, progress: Double, random: RandomStream) -> StepReport {
    var stream = random.split("posterior")
    let noise = stream.normal([images.shape[0]] + autoencoder.latentShape(of: Array(images.shape.dropFirst())))
    let judge = progress >= options.adversarialStart ? discriminator?.network : nil

    var reconstructed = images
    var losses: Losses = [:]
    let coding = coder.step(progress: progress) { [loss, klWeight = Float(options.klWeight)] autoencoder in
      let (mean, logVariance) = autoencoder.encode(images)
      let output = autoencoder.decode(mean + exp(logVariance.scaled(by: 0.5)) * noise)
      let parts = loss(output, images: images, judge: judge, lastLayer: autoencoder.lastWeight)
      let divergence = kullbackLeibler(mean: mean, logVariance: logVariance).mean()
      reconstructed = output.withoutGradient
      losses = parts.losses.and(["kl": .init(divergence)])
      return parts.total + divergence.scaled(by: klWeight)
    }
    let judging = judge.map { _ in discriminatorStep(real: images, fake: reconstructed, progress: progress) }
    losses["discriminator"] = judging?.loss ?? .absent
    var updates = ["autoencoder": coding]
    updates["discriminator"] = judging
    return StepReport(losses: losses, updates: updates, learningRate: coding.learningRate)
  }

  /// The hinge loss of Lim and Ye 2017, halved as in the published code.
  private mutating func discriminatorStep(real: Tensor, fake: Tensor, progress: Double) -> Update {
    discriminator!.step(progress: progress) { discriminator in
      (relu(1 - discriminator(real)).mean() + relu(1 + discriminator(fake)).mean()).scaled(by: 0.5)
    }
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("coder", &coder)
    visitor.child("discriminator", &discriminator)
  }
}
