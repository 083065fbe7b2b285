import LineupFeatureNetworks
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// The settings of an autoencoder's training.
public struct AutoencoderOptions: Codable, Sendable, Hashable {
  /// Weight of the Kullback–Leibler term against the reconstruction, both summed over an image.
  public var klWeight = 1e-6
  /// Weight of the perceptual distance against the absolute error of a pixel; 0 leaves it out.
  public var perceptualWeight = 0.1
  /// Weight of the patch discriminator, on top of the adaptive one; 0 leaves it out.
  public var adversarialWeight = 0.5
  /// The share of the budget after which the discriminator joins.
  public var adversarialStart = 0.5
  public var learningRate = 2e-3
  public var learningRateDecay = LearningRateSchedule.Decay.constant
  /// Adam's decay rates of the first and second moment, in both networks.
  public var betas = [0.5, 0.9]

  public init() {}
}

/// Trains an `AutoencoderKL` as the first stage of latent diffusion (Rombach et al. 2022, appendix G; the numbers are those
/// of their published code): absolute error, perceptual distance, a weak pull toward the standard normal, and after a
/// warm-up a patch discriminator.
///
/// It is no learner: whoever trains the second stage drives it and shows it in its own walk.
public struct AutoencoderStage: Module {
  public let options: AutoencoderOptions
  public var autoencoder: AutoencoderKL
  var discriminator: PatchDiscriminator?
  var optimizer: Adam
  var discriminatorOptimizer: Adam?
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
    require(options.betas.count == 2, "Adam has two decay rates, not \(options.betas)")
    self.options = options
    let (beta1, beta2) = (Float(options.betas[0]), Float(options.betas[1]))
    autoencoder = AutoencoderKL(configuration, random: random.split("autoencoder"))
    optimizer = Adam(for: autoencoder, beta1: beta1, beta2: beta2)
    loss = ReconstructionLoss(
      perceptual: options.perceptualWeight > 0 ? perceptual : nil, perceptualWeight: Float(options.perceptualWeight),
      adversarialWeight: options.adversarialWeight)
    if options.adversarialWeight > 0 {
      let discriminator = PatchDiscriminator(
        channels: configuration.imageChannels, random: random.split("discriminator"))
      discriminatorOptimizer = Adam(for: discriminator, beta1: beta1, beta2: beta2)
      self.discriminator = discriminator
    }
  }

  /// One training step on images `[batch, height, width, channels]` in [−1, 1]. `progress` is the share of this stage's own
  /// budget used so far, in [0, 1).
  public mutating func step(on images: Tensor, progress: Double, random: RandomStream) -> StepReport {
    let rate = LearningRateSchedule(peak: options.learningRate, decay: options.learningRateDecay).rate(at: progress)
    var stream = random.split("posterior")
    let noise = stream.normal([images.shape[0]] + autoencoder.latentShape(of: Array(images.shape.dropFirst())))
    let judge = progress >= options.adversarialStart ? discriminator : nil

    var reconstructed = images
    var losses: [Double] = []
    let (_, gradients) = valueAndGradient(of: &autoencoder) { [loss, klWeight = Float(options.klWeight)] autoencoder in
      let (mean, logVariance) = autoencoder.encode(images)
      let output = autoencoder.decode(mean + exp(logVariance.scaled(by: 0.5)) * noise)
      let parts = loss(output, images: images, judge: judge, lastLayer: autoencoder.lastWeight)
      let divergence = kullbackLeibler(mean: mean, logVariance: logVariance).mean()
      reconstructed = output.withoutGradient
      losses = parts.reported(divergence: divergence)
      return parts.total + divergence.scaled(by: klWeight)
    }
    let update = optimizer.update(&autoencoder, along: gradients, learningRate: Float(rate), clippingTo: nil)

    var report = StepReport(
      losses: losses + [.nan], gradientNorms: [update.norm, .nan], learningRate: rate, skipped: update.skipped ? 1 : 0)
    if judge != nil { trainDiscriminator(real: images, fake: reconstructed, rate: rate, report: &report) }
    return report
  }

  /// The hinge loss of Lim and Ye 2017, halved as in the published code.
  private mutating func trainDiscriminator(real: Tensor, fake: Tensor, rate: Double, report: inout StepReport) {
    let (loss, gradients) = valueAndGradient(of: &discriminator!) { discriminator in
      (relu(1 - discriminator(real)).mean() + relu(1 + discriminator(fake)).mean()).scaled(by: 0.5)
    }
    let update = discriminatorOptimizer!.update(
      &discriminator!, along: gradients, learningRate: Float(rate), clippingTo: nil)
    report.losses[report.losses.count - 1] = reported(loss)
    report.gradientNorms[1] = update.norm
    report.skipped += update.skipped ? 1 : 0
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("autoencoder", &autoencoder)
    visitor.child("discriminator", &discriminator)
    visitor.child("optimizer", &optimizer)
    visitor.child("discriminatorOptimizer", &discriminatorOptimizer)
  }
}
