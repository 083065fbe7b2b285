import LineupLearning
import LineupNetworks
import LineupTensors

/// Where a diffusion model works: on the pixels themselves, or on the latents of a first stage that learns before it.
package protocol DiffusionSpace: Module {
  /// The shape of one sample in this space, `[height, width, channels]`.
  var shape: [Int] { get }
  /// Whether values lie in [−1, 1].
  var isBounded: Bool { get }
  /// The share of the budget that the space itself takes to learn, and the stages in it.
  var share: Double { get }
  var stages: [TrainingStage] { get }
  /// The names of what `learn` reports.
  var lossNames: [String] { get }
  var networkNames: [String] { get }
  /// The name of the denoiser's loss, and of the random numbers of its timesteps.
  var denoisingLoss: String { get }
  var timestepStream: String { get }
  /// The number of trainable numbers that turn samples into images.
  var decoderParameterCount: Int { get }

  /// One step of the space's own learning; `progress` is the share of its own budget.
  mutating func learn(_ images: Tensor, progress: Double, random: RandomStream) -> StepReport
  /// Images as training samples of this space.
  mutating func encoded(_ images: Tensor, random: RandomStream) -> Tensor
  /// Images of samples.
  func decoded(_ samples: Tensor) -> Tensor
  /// The states of a trajectory that are worth decoding.
  func shown(_ states: [Tensor]) -> [Tensor]
  /// What the space makes of images, there and back; `nil` where that is nothing but the images.
  func reconstruct(_ images: Tensor) -> Tensor?
}

/// The pixels.
package struct PixelSpace: DiffusionSpace {
  package let shape: [Int]
  /// Whether each training image is mirrored with probability one half.
  let mirrors: Bool

  package var isBounded: Bool { true }
  package var share: Double { 0 }
  package var stages: [TrainingStage] { [] }
  package var lossNames: [String] { [] }
  package var networkNames: [String] { [] }
  package var denoisingLoss: String { "loss" }
  package var timestepStream: String { "timesteps" }
  package var decoderParameterCount: Int { 0 }

  package mutating func learn(_ images: Tensor, progress: Double, random: RandomStream) -> StepReport {
    preconditionFailure("pixels have nothing to learn before the denoiser")
  }

  package func encoded(_ images: Tensor, random: RandomStream) -> Tensor {
    mirrors ? images.mirroredAtRandom(random.split("flip")) : images
  }

  package func decoded(_ samples: Tensor) -> Tensor { samples }
  package func shown(_ states: [Tensor]) -> [Tensor] { states }
  package func reconstruct(_ images: Tensor) -> Tensor? { nil }
  package mutating func visit(_ visitor: inout some ModuleVisitor) {}
}
