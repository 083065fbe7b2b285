import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// A variational autoencoder (Kingma and Welling 2014) with a Gaussian decoder whose variance is fixed, learned or optimal,
/// and with a weight β on the divergence of the codes (Higgins et al. 2017).
///
/// A fixed variance and β are confounded: what a picture's blur says about VAEs depends on both, so the effective variance
/// is among the reported numbers.
public struct VariationalLearner: Learner {
  /// The settings.
  public let options: VariationalOptions
  /// `[height, width, channels]` of an image, or `[2]` for points of the plane.
  public let sampleShape: [Int]
  var vae: Trained<VariationalNetwork>

  /// A fresh learner of samples of a shape; its first weights are drawn from the stream.
  public init(options: VariationalOptions, sampleShape: [Int], random: RandomStream) {
    require(
      sampleShape.count == 3 || sampleShape.count == 1,
      "a VAE makes images [height, width, channels] or points [dimensions], not samples of shape \(sampleShape)")
    self.options = options
    self.sampleShape = sampleShape
    vae = Trained(
      VariationalNetwork(options, sampleShape: sampleShape, random: random.split("network")),
      schedule: options.schedule(), clipNorm: options.clipNorm, average: options.average)
  }

  /// `loss` is `nll` + β · `kl`, all in nats a sample; `elbo` is −(`nll` + `kl`) in nats for each value of a sample, a
  /// density on [−1, 1]; `decoderVariance` is the σ² in use; `activeUnits` counts the dimensions of the code whose posterior
  /// mean varies over the batch by more than 0.01 (Burda, Grosse and Salakhutdinov 2016).
  public var lossNames: [String] { ["loss", "nll", "kl", "elbo", "decoderVariance", "activeUnits"] }
  /// The networks that a step updates.
  public var networkNames: [String] { ["vae"] }
  /// Whether a moving average of the weights is kept.
  public var keepsAverage: Bool { vae.keepsAverage }
  /// Trainable numbers used to make samples.
  public var samplingParameterCount: Int { vae.network.decoderParameterCount }

  /// One training step.
  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let samples = batch.images
    var stream = random.split("posterior")
    let noise = stream.normal([batch.count, options.latentSize])
    var losses: Losses = [:]
    let update = vae.step(progress: progress) { [options] network in
      let (mean, logVariance) = network.encode(samples)
      let codes = mean + exp(logVariance.scaled(by: 0.5)) * noise
      let likelihood = GaussianLikelihood(
        of: samples, mean: network.decode(codes), variance: options.decoderVariance, logDeviation: network.logDeviation)
      let divergence = kullbackLeibler(mean: mean, logVariance: logVariance).mean()
      losses = Self.parts(likelihood, divergence, codeMeans: mean, valueCount: samples.count / samples.shape[0])
      return likelihood.negativeLog + divergence.scaled(by: Float(options.beta))
    }
    losses["loss"] = update.loss
    return StepReport(losses: losses, updates: ["vae": update], learningRate: update.learningRate)
  }

  /// The decoder's means of codes drawn from the prior.
  public func sample(_ request: SampleRequest) -> SampleResult {
    SampleResult(images: vae.network(request.weights).decode(request.normal([options.latentSize])))
  }

  /// The decoder's means at the means of the codes, by the averaged weights where there are such.
  public func reconstruct(_ images: Tensor) -> Tensor? {
    let network = vae.network(.average)
    return network.decode(network.encode(images).mean)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("vae", &vae) }

  /// All of `lossNames` but the first.
  private static func parts(
    _ likelihood: GaussianLikelihood, _ divergence: Tensor, codeMeans: Tensor, valueCount: Int
  ) -> Losses {
    let codes = codeMeans.withoutGradient
    let spread = square(codes - codes.mean(overAxes: [0], keepingAxes: true)).mean(overAxes: [0])
    let (nll, kl) = (Double(likelihood.negativeLog.scalar), Double(divergence.scalar))
    return [
      "nll": .init(nll), "kl": .init(kl), "elbo": .init(-(nll + kl) / Double(valueCount)),
      "decoderVariance": .init(likelihood.variance),
      "activeUnits": .init(Double(spread.values.count { $0 > 0.01 })),
    ]
  }
}
