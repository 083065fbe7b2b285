import LineupNetworks
import LineupTensors

/// A network that denoises, whether it listens to a context or not.
package protocol DenoisingNetwork: Module {
  /// The prediction for noisy samples `[batch, height, width, channels]`, each at its own timestep, in their shape.
  ///
  /// - Parameter context: features `[batch, tokens, width]` of what the samples are told; `nil` where nothing is.
  func prediction(_ noisy: Tensor, at timesteps: [Float], context: Tensor?) -> Tensor
}

extension NotebookUNet: DenoisingNetwork {
  package func prediction(_ noisy: Tensor, at timesteps: [Float], context: Tensor?) -> Tensor {
    self(noisy, at: timesteps)
  }
}

extension UNet2DModel: DenoisingNetwork {
  package func prediction(_ noisy: Tensor, at timesteps: [Float], context: Tensor?) -> Tensor {
    self(noisy, at: timesteps)
  }
}

extension UNet2DConditionModel: DenoisingNetwork {
  package func prediction(_ noisy: Tensor, at timesteps: [Float], context: Tensor?) -> Tensor {
    guard let context else { preconditionFailure("a U-Net with cross-attention needs a context") }
    return self(noisy, at: timesteps, context: context)
  }
}

/// The network of a diffusion model and the encoder of the condition that it listens to, if it listens to one, trained as
/// one.
package struct ConditionedDenoiser: Module {
  package var network: any DenoisingNetwork
  package var encoder: (any ContextEncoder)?

  init(_ network: any DenoisingNetwork, encoder: (any ContextEncoder)? = nil) {
    (self.network, self.encoder) = (network, encoder)
  }

  /// A U-Net on samples of so many channels, with cross-attention to features of a width where there is a condition.
  init(
    _ unet: UNetOptions, channels: Int, encoder: (any ContextEncoder)?, contextWidth: Int, random: RandomStream
  ) {
    var stream = random.split("unet")
    self.encoder = encoder
    network =
      encoder == nil
      ? UNet2DModel(
        UNet2DModel.Configuration(
          imageChannels: channels, channels: unet.channels, layersPerBlock: unet.layersPerBlock,
          attends: unet.channels.map { _ in true }, headWidth: unet.channels[0] / unet.heads, groups: unet.groups),
        random: &stream)
      : UNet2DConditionModel(
        UNet2DConditionModel.Configuration(
          inputs: channels, outputs: channels, channels: unet.channels, layersPerBlock: unet.layersPerBlock,
          heads: unet.channels.map { _ in unet.heads }, contextWidth: contextWidth, groups: unet.groups),
        random: &stream)
  }

  /// The prediction for noisy samples, each at its own timestep; `context` is what `context(of:)` gives.
  package func callAsFunction(_ noisy: Tensor, at timesteps: [Float], context: Tensor? = nil) -> Tensor {
    network.prediction(noisy, at: timesteps, context: context)
  }

  /// The features `[conditions, length, width]` of conditions as numbers. Equal ones, of which batches are full, are encoded
  /// once.
  package func context(of tokens: [[Int32]]) -> Tensor {
    guard let encoder else { preconditionFailure("a model without a condition was asked for its features") }
    var places: [[Int32]: Int32] = [:]
    var distinct: [[Int32]] = []
    let rows = tokens.map { condition -> Int32 in
      if let place = places[condition] { return place }
      places[condition] = Int32(distinct.count)
      distinct.append(condition)
      return Int32(distinct.count - 1)
    }
    return encoder.context(of: distinct).gatheredRows(rows)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("network", &network)
    if var encoder {
      visitor.child("encoder", &encoder)
      self.encoder = encoder
    }
  }
}
