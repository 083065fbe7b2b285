import LineupDiffusion
import LineupFamilies
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// One step of diffusion models, against the noise, the targets and the loss written here (Ho, Jain and Abbeel 2020).
@Suite struct DiffusionStepTests {
  /// ᾱ of the linear schedule from 10⁻⁴ to 0.02 over 100 timesteps.
  static let alphaBars: [Double] = {
    var product = 1.0
    return (0..<100).map { step in
      product *= 1 - (1e-4 + (0.02 - 1e-4) * Double(step) / 99)
      return product
    }
  }()

  /// What a network sees of clean samples at given timesteps, and what it should say.
  static func noised(
    _ clean: Tensor, _ noise: Tensor, at timesteps: [Int32], _ prediction: Prediction
  ) -> (input: Tensor, target: Tensor) {
    let shape = [clean.shape[0]] + [Int](repeating: 1, count: clean.rank - 1)
    let signal = Tensor(timesteps.map { Float(alphaBars[Int($0)].squareRoot()) }, shape: shape)
    let spread = Tensor(timesteps.map { Float((1 - alphaBars[Int($0)]).squareRoot()) }, shape: shape)
    let target =
      switch prediction {
      case .epsilon: noise
      case .x0: clean
      case .v: noise * signal - clean * spread
      }
    return (clean * signal + noise * spread, target)
  }

  @Test(arguments: Prediction.allCases) func aStepOnPixelsIsThePapers(_ prediction: Prediction) {
    var options = PixelDiffusionLearnerTests.tiny()
    (options.schedule, options.prediction) = (.linear, prediction)
    (options.learningRate, options.learningRateDecay, options.clipNorm) = (1e-3, .linear, 0.5)
    var learner = PixelDiffusionLearnerTests.learner(options)
    let (before, random, images) = (learner.network, RandomStream(seed: 3), PixelDiffusionLearnerTests.squares(4))
    let report = learner.step(on: Batch(images: images), progress: 0.25, random: random)

    var (times, noises) = (random.split("timesteps"), random.split("noise"))
    let timesteps = times.integers(below: 100, count: 4)
    let (input, target) = Self.noised(images, noises.normal(images.shape), at: timesteps, prediction)
    var network = before
    let (loss, gradients) = valueAndGradient(of: &network) { network in
      square(network(input, at: timesteps.map(Float.init)) - target).mean()
    }
    let found = report.losses["loss"]?.number ?? .nan
    #expect(abs(found - Double(loss.scalar)) < 1e-5 * Double(loss.scalar))
    expectStep(of: network, along: gradients, gives: learner.network, report.updates["unet"])
    #expect(abs(report.learningRate - 7.5e-4) < 1e-9)
  }

  /// The second stage denoises scaled latents, told by the captions, or by the empty one where all are dropped.
  @Test(arguments: [0, 1]) func aStepOnLatentsIsThePapers(dropout: Double) {
    var options = LatentDiffusionLearnerTests.options()
    (options.schedule, options.prediction, options.conditionDropout) = (.linear, .v, dropout)
    (options.learningRate, options.learningRateDecay, options.clipNorm) = (1e-3, .linear, 0.5)
    var learner = LatentDiffusionLearnerTests.learner(options)
    let (before, random, batch) = (learner.denoiser(.raw), RandomStream(seed: 3), LatentDiffusionLearnerTests.blobs(0))
    // Half of the budget is the first stage's, so this is a quarter of the second's.
    let report = learner.step(on: batch, progress: 0.625, random: random)

    let (mean, logVariance) = learner.latentSpace!.autoencoder.encode(learner.latentSpace!.frame.padded(batch.images))
    var (posterior, times, noises) = (random.split("posterior"), random.split("time"), random.split("noise"))
    let codes = mean + exp(logVariance * 0.5) * posterior.normal(mean.shape)
    let latents = codes * (1 / square(codes - codes.mean()).mean().scalar.squareRoot())
    let timesteps = times.integers(below: 100, count: 8)
    let (input, target) = Self.noised(latents, noises.normal(latents.shape), at: timesteps, .v)
    let tokens = batch.captions.map { learner.captions!.tokens(of: dropout == 1 ? "" : $0) }
    var denoiser = before
    let (loss, gradients) = valueAndGradient(of: &denoiser) { denoiser in
      let output = denoiser(input, at: timesteps.map(Float.init), context: denoiser.encoder!.context(of: tokens))
      return square(output - target).mean()
    }
    let found = report.losses["diffusion"]?.number ?? .nan
    #expect(abs(found - Double(loss.scalar)) < 1e-4 * Double(loss.scalar))
    expectStep(of: denoiser, along: gradients, gives: learner.denoiser(.raw), report.updates["unet"])
    #expect(abs(report.learningRate - 7.5e-4) < 1e-9)
  }

  /// The gradient is longer than the limit of ½, so that it is scaled; Adam takes three quarters of its rate.
  private func expectStep<M: Module>(
    of model: M, along gradients: Gradients, gives after: M, _ update: Update?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs((update?.norm ?? .nan) / gradients.norm - 1) < 1e-3, sourceLocation: sourceLocation)
    #expect(update?.clipped == (gradients.norm > 0.5), sourceLocation: sourceLocation)
    var (expected, optimizer) = (model, Adam(for: model))
    optimizer.update(&expected, along: gradients, learningRate: 7.5e-4, scale: Float(min(0.5 / gradients.norm, 1)))
    expectSameSteps(from: model, expected, after, sourceLocation: sourceLocation)
  }
}
