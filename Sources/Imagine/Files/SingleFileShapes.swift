import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport

/// The shapes of networks as their tensors, under the names of diffusers, tell them. What tensors do not tell is that of the
/// published checkpoints, and an error where those leave a choice.
package struct SingleFileShapes {
  let tensors: any TensorSource

  package init(tensors: any TensorSource) { self.tensors = tensors }

  private func shape(_ name: String) throws(Fault) -> [Int] {
    guard let entry = tensors.entry(name), entry.shape.count >= 2 else {
      throw .malformed(
        tensors.path, place: "tensor \(name)", found: "nothing", expected: "weights of two axes at least")
    }
    return entry.shape
  }

  /// How many of the tensors whose names `name` makes from 0, 1, … are there.
  private func count(_ name: (Int) -> String) -> Int { (0...).first { !tensors.contains(name($0)) }! }

  private func undecided(_ reason: String) -> ModelFileError { .undecided(path: tensors.path, reason: reason) }

  private func checkGroups(of channels: [Int], _ network: String) throws(ModelFileError) {
    if channels.isEmpty || channels.contains(where: { $0 % 32 != 0 }) {
      throw undecided(
        "the \(network) has levels \(channels) wide, which are not the multiples of 32 of the published ones")
    }
  }

  /// The U-Net's shape, and the size of the latents that it was trained on.
  package func unetSettings() throws -> (configuration: UNet2DConditionModel.Configuration, sampleSize: [Int]?) {
    let levels = count { "down_blocks.\($0).resnets.0.conv1.weight" }
    let channels = try (0..<levels).map { try shape("down_blocks.\($0).resnets.0.conv1.weight")[0] }
    try checkGroups(of: channels, "U-Net")
    let layers = (0..<levels).map { level in count { "down_blocks.\(level).resnets.\($0).conv1.weight" } }
    let inputs = try shape("conv_in.weight")[1]
    guard Set(layers).count == 1, [4, 5, 8, 9].contains(inputs) else {
      throw undecided(
        "a U-Net with \(layers) blocks in its levels and \(inputs) input channels is none of the known ones")
    }
    let projection = try shape("mid_block.attentions.0.proj_in.weight")
    let isLinear = projection.count == 2
    let divisor = isLinear ? 64 : 8
    guard channels.allSatisfy({ $0 % divisor == 0 }) else {
      throw undecided("levels \(channels) wide do not say how many heads their attention has")
    }
    let context = try shape("mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight")[1]
    var configuration = UNet2DConditionModel.Configuration(
      inputs: inputs, outputs: try shape("conv_out.weight")[0], channels: channels, layersPerBlock: layers[0],
      attends: (0..<levels).map { tensors.contains("down_blocks.\($0).attentions.0.proj_in.weight") },
      heads: channels.map { isLinear ? $0 / 64 : 8 }, contextWidth: context,
      transformerLayers: count { "mid_block.attentions.0.transformer_blocks.\($0).norm1.weight" })
    configuration.linearProjection = isLinear
    return (configuration, configuration.assumedPrediction == .v ? [96, 96] : [64, 64])
  }

  func autoencoderConfiguration() throws -> AutoencoderKL.Configuration {
    var configuration = AutoencoderKL.Configuration()
    let levels = count { "encoder.down_blocks.\($0).resnets.0.conv1.weight" }
    configuration.channels = try (0..<levels).map { try shape("encoder.down_blocks.\($0).resnets.0.conv1.weight")[0] }
    try checkGroups(of: configuration.channels, "autoencoder")
    configuration.layersPerBlock = count { "encoder.down_blocks.0.resnets.\($0).conv1.weight" }
    configuration.imageChannels = try shape("encoder.conv_in.weight")[1]
    configuration.decodedChannels = try shape("decoder.conv_out.weight")[0]
    configuration.latentChannels = try shape("decoder.conv_in.weight")[1]
    configuration.midBlockAttention = tensors.contains("encoder.mid_block.attentions.0.to_q.weight")
    configuration.convolvesMoments = tensors.contains("quant_conv.weight")
    configuration.convolvesLatents = tensors.contains("post_quant_conv.weight")
    return configuration
  }

  /// The encoder of one of the two releases, told apart by its width.
  func textConfiguration() throws -> CLIPTextModel.Configuration {
    let layers = count { "text_model.encoder.layers.\($0).layer_norm1.weight" }
    let words = try shape("text_model.embeddings.token_embedding.weight")
    let isFirst = words[1] == 768
    guard isFirst || words[1] == 1024 else {
      throw undecided("a text encoder \(words[1]) wide does not say how many heads its attention has")
    }
    return CLIPTextModel.Configuration(
      vocabulary: words[0], contextLength: try shape("text_model.embeddings.position_embedding.weight")[0],
      width: words[1], layers: isFirst ? layers : min(layers, 23), heads: words[1] / 64,
      hidden: try shape("text_model.encoder.layers.0.mlp.fc1.weight")[0], activation: isFirst ? .quickGELU : .gelu)
  }
}

extension UNet2DConditionModel.Configuration {
  /// What a U-Net predicts that comes without settings: v in the second release, apart from its networks for tasks with more
  /// input channels, and the noise otherwise. (Of the second release's files at 512 pixels this is wrong: they cannot be told
  /// apart.)
  package var assumedPrediction: Prediction { linearProjection && network.inputs == 4 ? .v : .epsilon }
}
