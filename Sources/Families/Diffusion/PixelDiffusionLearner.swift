import LineupDiffusion
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// A denoising diffusion model on pixels (Ho, Jain and Abbeel 2020): one network, trained to tell noise from picture.
public struct PixelDiffusionLearner: Learner {
  /// The settings.
  public let options: PixelDiffusionOptions
  let schedule: NoiseSchedule
  let sampleShape: [Int]
  private var unet: Trained<NotebookUNet>

  /// - Parameters:
  ///   - sampleShape: `[height, width, channels]` of the images; `options.network.configuration.problem(sampleShape:)` must be nil.
  ///   - random: the first weights.
  public init(options: PixelDiffusionOptions, sampleShape: [Int], random: RandomStream) {
    let problem = options.network.configuration.problem(sampleShape: sampleShape)
    require(problem == nil, "\(problem!)")
    self.options = options
    self.sampleShape = sampleShape
    schedule = options.schedule.schedule(timesteps: options.timesteps)
    unet = Trained(
      NotebookUNet(options.network.configuration, imageChannels: sampleShape[2], random: random),
      schedule: options.schedule(), clipNorm: options.clipNorm, average: options.average)
  }

  /// The network as training left it.
  public var network: NotebookUNet { unet.network }

  /// The loss, and its means over the quarters of the timesteps, the least noisy first (NaN where a batch has none).
  public var lossNames: [String] { ["loss", "lossQuarter1", "lossQuarter2", "lossQuarter3", "lossQuarter4"] }
  /// The networks that a step updates.
  public var networkNames: [String] { ["unet"] }
  /// Whether a moving average of the weights is kept.
  public var keepsAverage: Bool { unet.keepsAverage }
  /// Trainable numbers used to make samples.
  public var samplingParameterCount: Int { network.parameterCount }

  /// One training step.
  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    let clean = options.horizontalFlip ? batch.images.mirroredAtRandom(random.split("flip")) : batch.images
    var (timestepRandom, noiseRandom) = (random.split("timesteps"), random.split("noise"))
    let timesteps = timestepRandom.integers(below: schedule.timesteps, count: batch.count).map(Int.init)
    let noise = noiseRandom.normal(clean.shape)
    let noisy = schedule.qSample(clean, noise: noise, at: timesteps)
    let target = options.prediction.target(clean: clean, noise: noise, at: timesteps, schedule: schedule)

    var each = Tensor(0)
    let update = unet.step(progress: progress) { [options] network in
      let losses = options.loss.ofEachSample(network(noisy, at: timesteps.map(Float.init)), target)
      each = losses.withoutGradient
      return losses.mean()
    }
    let losses: Losses = ["loss": update.loss]
    return StepReport(
      losses: losses.and(quarterMeans(each.values, at: timesteps)), updates: ["unet": update],
      learningRate: update.learningRate)
  }

  /// New samples; it changes nothing.
  public func sample(_ request: SampleRequest) -> SampleResult {
    let network = unet.network(request.weights)
    let made = sampler(for: request).samples(
      streams: request.streams, shape: sampleShape, keepsTrajectory: request.keepsTrajectory
    ) { _ in { noisy, timesteps in network(noisy, at: timesteps) } }
    return SampleResult(images: made.samples, trajectory: made.trajectory)
  }

  /// The learner's own sampler with what a request changes of it.
  private func sampler(for request: SampleRequest) -> any Sampler {
    let chosen = options.sampler.choosing(request)
    // Ancestral sampling of the notebook does not clip. The cosine schedule ends in β = 0.9999, where a predicted noise
    // leaves x̂₀ undetermined; and big strides need bounds in any case.
    let clips = !chosen.visitsEveryTimestep || options.schedule == .cosine
    return chosen.demanded(over: schedule, options.prediction, clippingTo: clips ? 1 : nil)
  }

  /// The mean loss of the samples in each quarter of the timesteps; absent where a batch has none.
  private func quarterMeans(_ losses: [Float], at timesteps: [Int]) -> Losses {
    var means: Losses = [:]
    for quarter in 0..<4 {
      let inside = zip(losses, timesteps).filter { $0.1 * 4 / schedule.timesteps == quarter }.map { Double($0.0) }
      let mean = inside.isEmpty ? nil : inside.reduce(0, +) / Double(inside.count)
      means["lossQuarter\(quarter + 1)"] = .init(mean)
    }
    return means
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("unet", &unet) }
}
