import LineupNetworks
import LineupTensors

/// The second stage's network: a U-Net on latents and the text encoder that it listens to, trained as one.
package struct TextConditionedDenoiser: Module {
  package var unet: UNet2DConditionModel
  package var text: CLIPTextModel

  init(_ options: LatentDiffusionOptions, random: RandomStream) {
    let (unetOptions, textOptions) = (options.unet, options.text)
    var stream = random.split("text")
    text = CLIPTextModel(
      CLIPTextModel.Configuration(
        vocabulary: textOptions.vocabulary, contextLength: textOptions.contextLength, width: textOptions.width,
        layers: textOptions.layers, heads: textOptions.heads), random: &stream)
    stream = random.split("unet")
    unet = UNet2DConditionModel(
      UNet2DConditionModel.Configuration(
        inputs: options.autoencoder.latentChannels, outputs: options.autoencoder.latentChannels,
        channels: unetOptions.channels, layersPerBlock: unetOptions.layersPerBlock,
        heads: unetOptions.channels.map { _ in unetOptions.heads }, contextWidth: textOptions.width,
        groups: unetOptions.groups), random: &stream)
  }

  /// The features `[texts, length, width]` of texts as token numbers. Equal texts, of which batches are full, are encoded
  /// once.
  func context(of tokens: [[Int32]]) -> Tensor {
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
    visitor.child("unet", &unet)
    visitor.child("text", &text)
  }
}
