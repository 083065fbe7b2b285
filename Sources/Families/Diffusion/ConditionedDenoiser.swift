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

/// The network of a diffusion model and the text encoder that it listens to, if it listens to one, trained as one.
package struct ConditionedDenoiser: Module {
  package var network: any DenoisingNetwork
  package var text: CLIPTextModel?

  init(_ network: any DenoisingNetwork, text: CLIPTextModel? = nil) { (self.network, self.text) = (network, text) }

  /// A U-Net on samples of so many channels, with cross-attention where there are captions.
  init(_ unet: UNetOptions, channels: Int, condition: ConditionOptions, text: TextOptions, random: RandomStream) {
    var stream = random.split("unet")
    guard condition.kind == .text else {
      network = UNet2DModel(
        UNet2DModel.Configuration(
          imageChannels: channels, channels: unet.channels, layersPerBlock: unet.layersPerBlock,
          attends: unet.channels.map { _ in true }, headWidth: unet.channels[0] / unet.heads, groups: unet.groups),
        random: &stream)
      return
    }
    network = UNet2DConditionModel(
      UNet2DConditionModel.Configuration(
        inputs: channels, outputs: channels, channels: unet.channels, layersPerBlock: unet.layersPerBlock,
        heads: unet.channels.map { _ in unet.heads }, contextWidth: text.width, groups: unet.groups), random: &stream)
    stream = random.split("text")
    self.text = CLIPTextModel(
      CLIPTextModel.Configuration(
        vocabulary: text.vocabulary, contextLength: text.contextLength, width: text.width, layers: text.layers,
        heads: text.heads), random: &stream)
  }

  /// The prediction for noisy samples, each at its own timestep; `context` is what `context(of:)` gives.
  package func callAsFunction(_ noisy: Tensor, at timesteps: [Float], context: Tensor? = nil) -> Tensor {
    network.prediction(noisy, at: timesteps, context: context)
  }

  /// The features `[texts, length, width]` of texts as token numbers. Equal texts, of which batches are full, are encoded
  /// once.
  package func context(of tokens: [[Int32]]) -> Tensor {
    guard let text else { preconditionFailure("a model without captions was asked for their features") }
    var places: [[Int32]: Int32] = [:]
    var distinct: [[Int32]] = []
    let rows = tokens.map { text -> Int32 in
      if let place = places[text] { return place }
      places[text] = Int32(distinct.count)
      distinct.append(text)
      return Int32(distinct.count - 1)
    }
    return text(distinct).gatheredRows(rows)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("network", &network)
    visitor.child("text", &text)
  }
}
