import LineupDiffusion
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

/// A denoising diffusion model (Ho, Jain and Abbeel 2020), composed: a network learns to tell noise from sample, in the
/// space of the pixels or of a first stage's latents (Rombach et al. 2022), told by a caption what the picture shows or by
/// nothing. Two models can share all but one of these.
public struct DiffusionLearner: Learner {
  package let process: DiffusionProcess
  package internal(set) var space: any DiffusionSpace
  /// What reads the condition; `nil` in a model that is told nothing.
  package internal(set) var reader: (any ConditionReader)?
  /// The probability that training tells an image nothing.
  let conditionDropout: Double
  var denoiser: Trained<ConditionedDenoiser>

  init(
    _ options: some DiffusionOptions, space: any DiffusionSpace, reader: (any ConditionReader)?,
    denoiser: ConditionedDenoiser
  ) {
    (process, self.space, self.reader) = (DiffusionProcess(options), space, reader)
    (conditions, conditionDropout) = (options.conditionKinds, options.conditionDropout)
    self.denoiser = Trained(
      denoiser, schedule: options.schedule(), clipNorm: options.clipNorm, average: options.average)
  }

  /// Those of the space, then the loss of the denoiser and its means over the quarters of the timesteps, the least noisy
  /// first (absent where a batch has none).
  public var lossNames: [String] {
    space.lossNames + [space.denoisingLoss] + (1...4).map { "\(space.denoisingLoss)Quarter\($0)" }
  }
  /// The first stage's, where there is one, and the denoiser.
  public var networkNames: [String] { space.networkNames + ["unet"] }
  /// Whether samples can be drawn with averaged weights.
  public var keepsAverage: Bool { denoiser.keepsAverage }
  /// Captions, in a model that listens to them.
  public let conditions: [ConditionKind]
  /// The first stage, where there is one, and the denoiser's.
  public var stages: [TrainingStage] { space.stages + [TrainingStage(name: "diffusion", start: space.share)] }
  /// Denoiser, text encoder, and what turns samples into images.
  public var samplingParameterCount: Int { denoiser.network.parameterCount + space.decoderParameterCount }

  /// A step of the space while it learns, then of the denoiser (Ho, Jain and Abbeel 2020, algorithm 1).
  public mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    if progress < space.share {
      var report = space.learn(batch.images, progress: progress / space.share, random: random)
      report.losses = report.losses.and(Losses(absent: lossNames.filter { report.losses[$0] == nil }))
      return report
    }
    let clean = space.encoded(batch.images, random: random)
    var (times, noises) = (random.split(space.timestepStream), random.split("noise"))
    let timesteps = times.integers(below: process.noise.timesteps, count: batch.count).map(Int.init)
    let noise = noises.normal(clean.shape)
    let noisy = process.noise.qSample(clean, noise: noise, at: timesteps)
    let target = process.prediction.target(clean: clean, noise: noise, at: timesteps, schedule: process.noise)
    let tokens = reader.map { told(batch, by: $0, random: random.split("dropout")) }

    var each = Tensor(0)
    let update = denoiser.step(progress: (progress - space.share) / (1 - space.share)) { [process] denoiser in
      let output = denoiser(noisy, at: timesteps.map(Float.init), context: tokens.map(denoiser.context))
      let losses = process.loss.ofEachSample(output, target)
      each = losses.withoutGradient
      return losses.mean()
    }
    return report(update, each.values, at: timesteps)
  }

  /// The condition of each image, or nothing in its place with the probability of dropping.
  private func told(_ batch: Batch, by reader: any ConditionReader, random: RandomStream) -> [[Int32]] {
    var stream = random
    let told = reader.tokens(captions: batch.captions, labels: batch.labels, count: batch.count)
    return told.map { Double(stream.uniform()) < conditionDropout ? reader.empty : $0 }
  }

  /// The report of a step of the denoiser: its loss, whole and by the quarters of the timesteps.
  private func report(_ update: Update, _ losses: [Float], at timesteps: [Int]) -> StepReport {
    let name = space.denoisingLoss
    var means: Losses = [name: update.loss]
    for quarter in 0..<4 {
      let inside = zip(losses, timesteps).filter { $0.1 * 4 / process.noise.timesteps == quarter }.map { Double($0.0) }
      let mean = inside.isEmpty ? nil : inside.reduce(0, +) / Double(inside.count)
      means["\(name)Quarter\(quarter + 1)"] = .init(mean)
    }
    return StepReport(
      losses: Losses(absent: space.lossNames).and(means), updates: ["unet": update],
      learningRate: update.learningRate)
  }

  /// What the sampler cannot honour.
  public func obstacle(to request: SampleRequest) -> String? { process.obstacle(to: request, in: space) }

  /// New images by their conditions (told nothing where none are given), with classifier-free guidance.
  public func sample(_ request: SampleRequest) -> SampleResult {
    let network = denoiser.network(request.weights)
    require(
      request.captions.isEmpty || request.captions.count == request.count,
      "\(request.count) samples were asked for with \(request.captions.count) captions")
    let tokens = reader?.tokens(captions: request.captions, labels: request.labels, count: request.count)
    let guidance = Guidance(scale: request.guidance)
    let (samples, trajectory) = process.sampler(request, in: space).samples(
      streams: request.streams, shape: space.shape, keepsTrajectory: request.keepsTrajectory
    ) { range in
      let context = tokens.map { network.context(of: Array($0[range])) }
      let empty = guidance.isActive ? reader?.empty : nil
      let unconditional = empty.map { empty in network.context(of: range.map { _ in empty }) }
      return { noisy, times in
        let prediction = network(noisy, at: times, context: context)
        guard let unconditional else { return prediction }
        return guidance.combined(
          unconditional: network(noisy, at: times, context: unconditional), conditional: prediction)
      }
    }
    return SampleResult(images: space.decoded(samples), trajectory: space.shown(trajectory).map(space.decoded))
  }

  /// What the first stage makes of images; nil on pixels.
  public func reconstruct(_ images: Tensor) -> Tensor? { space.reconstruct(images) }

  /// The denoiser as training left it.
  package var network: ConditionedDenoiser { denoiser.network }

  /// The denoiser as it draws samples.
  package func denoiser(_ weights: WeightChoice) -> ConditionedDenoiser { denoiser.network(weights) }

  /// Everything that training changes.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    space.visit(&visitor)
    if var reader {
      reader.visit(&visitor)
      self.reader = reader
    }
    visitor.child("denoiser", &denoiser)
  }
}
