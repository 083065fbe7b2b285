import LineupFormats
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
  public let options: VariationalOptions
  /// `[height, width, channels]` of an image, or `[2]` for points of the plane.
  public let sampleShape: [Int]
  var network: VariationalNetwork
  var optimizer: Adam
  var average: MovingAverage?

  public init(options: VariationalOptions, sampleShape: [Int], random: RandomStream) {
    require(
      sampleShape.count == 3 || sampleShape.count == 1,
      "a VAE makes images [height, width, channels] or points [dimensions], not samples of shape \(sampleShape)")
    self.options = options
    self.sampleShape = sampleShape
    network = VariationalNetwork(options, sampleShape: sampleShape, random: random.split("network"))
    optimizer = Adam(for: network)
    if options.average > 0 { average = MovingAverage(of: network, decay: Float(options.average)) }
  }

  /// `loss` is `nll` + β · `kl`, all in nats a sample; `elbo` is −(`nll` + `kl`) in nats for each value of a sample, a
  /// density on [−1, 1]; `decoderVariance` is the σ² in use; `activeUnits` counts the dimensions of the code whose posterior
  /// mean varies over the batch by more than 0.01 (Burda, Grosse and Salakhutdinov 2016).
  public var lossNames: [String] { ["loss", "nll", "kl", "elbo", "decoderVariance", "activeUnits"] }
  public var networkNames: [String] { ["vae"] }
  public var keepsAverage: Bool { average != nil }
  public var samplingParameterCount: Int { network.decoderParameterCount }

  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let samples = batch.images
    var stream = random.split("posterior")
    let noise = stream.normal([batch.count, options.latentSize])
    var parts: [Double] = []
    let (loss, gradients) = valueAndGradient(of: &network) { [options] network in
      let (mean, logVariance) = network.encode(samples)
      let codes = mean + exp(logVariance.scaled(by: 0.5)) * noise
      let likelihood = GaussianLikelihood(
        of: samples, mean: network.decode(codes), variance: options.decoderVariance,
        logDeviation: network.logDeviation)
      let divergence = kullbackLeibler(mean: mean, logVariance: logVariance).mean()
      parts = Self.reported(likelihood, divergence, mean: mean, valueCount: samples.count / samples.shape[0])
      return likelihood.negativeLog + divergence.scaled(by: Float(options.beta))
    }
    let rate = LearningRateSchedule(peak: options.learningRate, decay: options.learningRateDecay).rate(at: progress)
    let update = optimizer.update(
      &network, along: gradients, learningRate: Float(rate), clippingTo: options.clipNorm > 0 ? options.clipNorm : nil)
    average?.update(toward: &network)
    return StepReport(
      losses: [LineupLearning.reported(loss)] + parts, gradientNorms: [update.norm], learningRate: rate,
      clipped: update.clipped ? 1 : 0, skipped: update.skipped ? 1 : 0)
  }

  /// The decoder's means of codes drawn from the prior.
  public func sample(_ request: SampleRequest) -> SampleResult {
    let chosen = request.weights == .average ? averagedNetwork : network
    return SampleResult(images: chosen.decode(request.normal([options.latentSize])))
  }

  /// The decoder's means at the means of the codes, by the averaged weights where there are such.
  public func reconstruct(_ images: Tensor) -> Tensor? {
    let network = averagedNetwork
    return network.decode(network.encode(images).mean)
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("network", &network)
    visitor.child("optimizer", &optimizer)
    visitor.child("average", &average)
  }

  private var averagedNetwork: VariationalNetwork { average?.applied(to: network) ?? network }

  /// All of `lossNames` but the first.
  private static func reported(
    _ likelihood: GaussianLikelihood, _ divergence: Tensor, mean: Tensor, valueCount: Int
  ) -> [Double] {
    let codes = mean.withoutGradient
    let spread = square(codes - codes.mean(overAxes: [0], keepingAxes: true)).mean(overAxes: [0])
    let (nll, kl) = (LineupLearning.reported(likelihood.negativeLog), LineupLearning.reported(divergence))
    return [
      nll, kl, -(nll + kl) / Double(valueCount), likelihood.variance, Double(spread.values.count { $0 > 0.01 }),
    ]
  }
}
