import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// A generative adversarial network (Goodfellow et al. 2014) with the non-saturating loss, and with the R1 penalty of
/// Mescheder, Geiger and Nowozin 2018 where `options.r1` is not zero. The plain and the penalised model differ by the
/// penalty alone.
public struct AdversarialLearner: Learner {
  public let options: AdversarialOptions
  /// `[height, width, channels]` of an image, or `[2]` for points of the plane.
  public let sampleShape: [Int]
  var generator: Generator
  var discriminator: Discriminator
  var generatorOptimizer: Adam
  var discriminatorOptimizer: Adam
  var average: MovingAverage?

  public init(options: AdversarialOptions, sampleShape: [Int], random: RandomStream) {
    require(
      sampleShape.count == 3 || sampleShape.count == 1,
      "a GAN makes images [height, width, channels] or points [dimensions], not samples of shape \(sampleShape)")
    require(options.betas.count == 2, "Adam has two decay rates, not \(options.betas)")
    self.options = options
    self.sampleShape = sampleShape
    let (beta1, beta2) = (Float(options.betas[0]), Float(options.betas[1]))
    generator = Generator(options, sampleShape: sampleShape, random: random.split("generator"))
    discriminator = Discriminator(options, sampleShape: sampleShape, random: random.split("discriminator"))
    generatorOptimizer = Adam(for: generator, beta1: beta1, beta2: beta2)
    discriminatorOptimizer = Adam(for: discriminator, beta1: beta1, beta2: beta2)
    if options.average > 0 { average = MovingAverage(of: generator, decay: Float(options.average)) }
  }

  /// `discriminator` is its loss without the penalty; `real` and `fake` are the mean probabilities of being real that it
  /// gives to either kind, `accuracy` the share of both that it tells rightly.
  public var lossNames: [String] { ["discriminator", "generator", "r1", "real", "fake", "accuracy"] }
  public var networkNames: [String] { ["generator", "discriminator"] }
  public var keepsAverage: Bool { average != nil }
  public var samplingParameterCount: Int { generator.parameterCount }

  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let real = batch.images
    let fake = generator.training(latents(batch.count, random.split("discriminator")))
    var verdict = Verdict()
    let (_, discriminatorGradients) = valueAndGradient(of: &discriminator) { [options] discriminator in
      let real = options.r1 > 0 ? real.gradientSource() : real
      let realScores = discriminator(real)
      let fakeScores = discriminator(fake)
      let loss = (softplus(-realScores) + softplus(fakeScores)).mean()
      verdict = Verdict(loss: loss, realScores: realScores, fakeScores: fakeScores)
      guard options.r1 > 0 else { return loss }
      let slope = gradient(of: realScores.sum(), withRespectTo: real)
      let penalty = Float(options.r1) * square(slope).sum() / Float(batch.count)
      verdict.penalty = reported(penalty)
      return loss + penalty
    }
    let discriminatorUpdate = update(discriminatorGradients, .discriminator, progress: progress)

    let latents = latents(batch.count, random.split("generator"))
    let (generatorLoss, generatorGradients) = valueAndGradient(of: &generator) { [discriminator] generator in
      softplus(-discriminator(generator.training(latents))).mean()
    }
    let generatorUpdate = update(generatorGradients, .generator, progress: progress)
    average?.update(toward: &generator)
    return report(verdict, generatorLoss, [generatorUpdate, discriminatorUpdate], progress: progress)
  }

  public func sample(_ request: SampleRequest) -> SampleResult {
    let chosen = request.weights == .average ? average?.applied(to: generator) ?? generator : generator
    let settled = chosen.withStandingStatistics(latentSize: options.latentSize)
    return SampleResult(images: settled(request.normal([options.latentSize])))
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("generator", &generator)
    visitor.child("discriminator", &discriminator)
    visitor.child("generatorOptimizer", &generatorOptimizer)
    visitor.child("discriminatorOptimizer", &discriminatorOptimizer)
    visitor.child("average", &average)
  }
}

extension AdversarialLearner {
  private enum Side { case generator, discriminator }

  /// Standard normal numbers `[count, latentSize]`.
  private func latents(_ count: Int, _ random: RandomStream) -> Tensor {
    var random = random
    return random.normal([count, options.latentSize])
  }

  private func rate(_ side: Side, at progress: Double) -> Double {
    let own = side == .generator ? options.generatorLearningRate : options.discriminatorLearningRate
    return LearningRateSchedule(peak: own ?? options.learningRate, decay: options.learningRateDecay).rate(at: progress)
  }

  private mutating func update(_ gradients: Gradients, _ side: Side, progress: Double) -> UpdateReport {
    let limit = options.clipNorm > 0 ? options.clipNorm : nil
    let rate = Float(rate(side, at: progress))
    return switch side {
    case .generator:
      generatorOptimizer.update(&generator, along: gradients, learningRate: rate, clippingTo: limit)
    case .discriminator:
      discriminatorOptimizer.update(&discriminator, along: gradients, learningRate: rate, clippingTo: limit)
    }
  }

  private func report(
    _ verdict: Verdict, _ generatorLoss: Tensor, _ updates: [UpdateReport], progress: Double
  ) -> StepReport {
    StepReport(
      losses: [
        verdict.loss, reported(generatorLoss), verdict.penalty, verdict.real, verdict.fake, verdict.accuracy,
      ],
      gradientNorms: updates.map(\.norm), learningRate: rate(.generator, at: progress),
      clipped: updates.count(where: \.clipped), skipped: updates.count(where: \.skipped))
  }
}

/// What the discriminator thought of one batch of either kind.
private struct Verdict {
  var loss = Double.nan
  /// The weighted R1 penalty; NaN in the plain model.
  var penalty = Double.nan
  var real = Double.nan
  var fake = Double.nan
  var accuracy = Double.nan

  init() {}

  init(loss: Tensor, realScores: Tensor, fakeScores: Tensor) {
    self.loss = reported(loss)
    real = reported(sigmoid(realScores.withoutGradient).mean())
    fake = reported(sigmoid(fakeScores.withoutGradient).mean())
    let right = realScores.values.count { $0 > 0 } + fakeScores.values.count { $0 < 0 }
    accuracy = Double(right) / Double(realScores.count + fakeScores.count)
  }
}
