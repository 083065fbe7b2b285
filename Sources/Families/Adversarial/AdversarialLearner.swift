import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// A generative adversarial network (Goodfellow et al. 2014) with the non-saturating loss, and with the R1 penalty of
/// Mescheder, Geiger and Nowozin 2018 where `options.r1` is not zero. The plain and the penalised model differ by the
/// penalty alone.
public struct AdversarialLearner: Learner {
  /// The settings.
  public let options: AdversarialOptions
  /// `[height, width, channels]` of an image, or `[2]` for points of the plane.
  public let sampleShape: [Int]
  var generator: Trained<Generator>
  var discriminator: Trained<Discriminator>

  /// A fresh learner of samples of a shape; its first weights are drawn from the stream.
  public init(options: AdversarialOptions, sampleShape: [Int], random: RandomStream) {
    require(
      sampleShape.count == 3 || sampleShape.count == 1,
      "a GAN makes images [height, width, channels] or points [dimensions], not samples of shape \(sampleShape)")
    self.options = options
    self.sampleShape = sampleShape
    generator = Trained(
      Generator(options, sampleShape: sampleShape, random: random.split("generator")),
      schedule: options.schedule(peak: options.generatorLearningRate), betas: options.betas, clipNorm: options.clipNorm,
      average: options.average)
    discriminator = Trained(
      Discriminator(options, sampleShape: sampleShape, random: random.split("discriminator")),
      schedule: options.schedule(peak: options.discriminatorLearningRate), betas: options.betas,
      clipNorm: options.clipNorm)
  }

  /// `discriminator` is its loss without the penalty; `real` and `fake` are the mean probabilities of being real that it
  /// gives to either kind, `accuracy` the share of both that it tells rightly.
  public var lossNames: [String] { ["discriminator", "generator", "r1", "real", "fake", "accuracy"] }
  /// The networks that a step updates.
  public var networkNames: [String] { ["generator", "discriminator"] }
  /// Whether a moving average of the weights is kept.
  public var keepsAverage: Bool { generator.keepsAverage }
  /// Trainable numbers used to make samples.
  public var samplingParameterCount: Int { generator.network.parameterCount }

  /// One training step.
  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let fake = generator.network.training(latents(batch.count, random.split("discriminator")))
    var losses: Losses = [:]
    let judging = discriminator.step(progress: progress) { [r1 = options.r1] discriminator in
      let real = r1 > 0 ? batch.images.gradientSource() : batch.images
      let (realScores, fakeScores) = (discriminator(real), discriminator(fake))
      let loss = (softplus(-realScores) + softplus(fakeScores)).mean()
      let penalty = r1 > 0 ? Self.penalty(r1, onSlopeOf: realScores, at: real) : nil
      losses = Self.verdict(loss, penalty: penalty, realScores: realScores, fakeScores: fakeScores)
      return penalty.map { loss + $0 } ?? loss
    }
    let latents = latents(batch.count, random.split("generator"))
    let making = generator.step(progress: progress) { [judge = discriminator.network] generator in
      softplus(-judge(generator.training(latents))).mean()
    }
    losses["generator"] = making.loss
    return StepReport(
      losses: losses, updates: ["generator": making, "discriminator": judging], learningRate: making.learningRate)
  }

  /// New samples; it changes nothing.
  public func sample(_ request: SampleRequest) -> SampleResult {
    let settled = generator.network(request.weights).withStandingStatistics(latentSize: options.latentSize)
    return SampleResult(images: settled(request.normal([options.latentSize])))
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("generator", &generator)
    visitor.child("discriminator", &discriminator)
  }

  /// Standard normal numbers `[count, latentSize]`.
  private func latents(_ count: Int, _ random: RandomStream) -> Tensor {
    var random = random
    return random.normal([count, options.latentSize])
  }

  /// λ·E‖∇D(x)‖² over real samples `x`, which must be gradient sources.
  private static func penalty(_ weight: Double, onSlopeOf scores: Tensor, at real: Tensor) -> Tensor {
    let slope = gradient(of: scores.sum(), withRespectTo: real)
    return Float(weight) * square(slope).sum() / Float(real.shape[0])
  }

  /// What the discriminator thought of one batch of either kind: all of `lossNames` but the generator's.
  private static func verdict(_ loss: Tensor, penalty: Tensor?, realScores: Tensor, fakeScores: Tensor) -> Losses {
    let right = realScores.values.count { $0 > 0 } + fakeScores.values.count { $0 < 0 }
    return [
      "discriminator": .init(loss), "r1": .init(penalty),
      "real": .init(sigmoid(realScores.withoutGradient).mean()),
      "fake": .init(sigmoid(fakeScores.withoutGradient).mean()),
      "accuracy": .init(Double(right) / Double(realScores.count + fakeScores.count)),
    ]
  }
}
