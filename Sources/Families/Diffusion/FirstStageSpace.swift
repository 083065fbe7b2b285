import Algorithms
import LineupFeatureNetworks
import LineupLearning
import LineupNetworks
import LineupTensors

/// The latents of an autoencoder that learns first and is then frozen, scaled to unit deviation.
package struct FirstStageSpace: DiffusionSpace {
  package let frame: PaddedFrame
  package let share: Double
  var firstStage: AutoencoderStage
  /// One over the standard deviation of the latents, `[1]`; 0 until the second stage's first step has measured it.
  package internal(set) var latentScale: Tensor

  /// The most states of a trajectory that are decoded, evenly spread and the first and the last among them.
  private static let trajectoryLimit = 21
  /// Images that pass the decoder together.
  private static let decodingBatch = 64

  /// - Parameters:
  ///   - levels: levels of the network on the latents, between which it halves them.
  ///   - perceptual: the network behind the first stage's perceptual term, which is left out without one.
  init(
    _ options: AutoencoderOptions, _ configuration: AutoencoderKL.Configuration, sampleShape: [Int], levels: Int,
    share: Double, perceptual: PerceptualNetwork?, random: RandomStream
  ) {
    frame = PaddedFrame(sampleShape: sampleShape, multiple: configuration.reduction << (levels - 1))
    self.share = share
    firstStage = AutoencoderStage(
      options: options, configuration: configuration, perceptual: perceptual, random: random)
    latentScale = .zeros([1])
  }

  package var autoencoder: AutoencoderKL { firstStage.autoencoder }
  package var shape: [Int] { autoencoder.latentShape(of: frame.paddedShape) }
  package var isBounded: Bool { false }
  package var stages: [TrainingStage] { [TrainingStage(name: "first stage", start: 0)] }
  package var lossNames: [String] { AutoencoderStage.lossNames }
  package var networkNames: [String] { AutoencoderStage.networkNames }
  package var denoisingLoss: String { "diffusion" }
  package var timestepStream: String { "time" }

  /// That of the autoencoder's decoder.
  package var decoderParameterCount: Int {
    autoencoder.parameters.filter { $0.name.hasPrefix("decoder.") || $0.name.hasPrefix("postQuantConv.") }
      .reduce(0) { $0 + $1.value.count }
  }

  package mutating func learn(_ images: Tensor, progress: Double, random: RandomStream) -> StepReport {
    firstStage.step(on: frame.padded(images), progress: progress, random: random)
  }

  /// A sample of the posterior of each image's latents, scaled to unit deviation. As in the paper's appendix G, the
  /// deviation is that of the first batch that comes here.
  package mutating func encoded(_ images: Tensor, random: RandomStream) -> Tensor {
    let (mean, logVariance) = autoencoder.encode(frame.padded(images))
    var stream = random.split("posterior")
    let latents = mean + exp(logVariance.scaled(by: 0.5)) * stream.normal(mean.shape)
    if latentScale.values == [0] {
      let variance = square(latents - latents.mean()).mean().scalar
      latentScale = Tensor([variance > 0 ? 1 / variance.squareRoot() : 1], shape: [1])
    }
    return latents * latentScale
  }

  package func shown(_ states: [Tensor]) -> [Tensor] {
    guard states.count > Self.trajectoryLimit else { return states }
    return (0..<Self.trajectoryLimit).map { states[$0 * (states.count - 1) / (Self.trajectoryLimit - 1)] }
  }

  /// Images of scaled latents, without the frame.
  package func decoded(_ latents: Tensor) -> Tensor {
    let scale = latentScale.values[0]
    return inBatches(latents) { part in
      frame.cropped(autoencoder.decode(scale > 0 ? part.scaled(by: 1 / scale) : part))
    }
  }

  /// What the autoencoder makes of images: those of the mean of their latents.
  package func reconstruct(_ images: Tensor) -> Tensor? {
    inBatches(images) { frame.cropped(autoencoder.decode(autoencoder.encode(frame.padded($0)).mean)) }
  }

  private func inBatches(_ samples: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
    let parts = (0..<samples.shape[0]).chunks(ofCount: Self.decodingBatch).map { body(samples.sliced(0, $0)) }
    return concatenated(parts, along: 0)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("firstStage", &firstStage)
    visitor.buffer("latentScale", &latentScale)
  }
}
