import LineupNetworks

extension ControlNet.Configuration {
  private enum ChannelOrder: String, CaseIterable { case rgb, bgr }

  /// The shape that a `config.json` of class `ControlNetModel` describes. All that cannot be honoured is one error.
  package init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
    guard configuration.className == "ControlNetModel" else {
      throw configuration.unfit("_class_name", expected: "\"ControlNetModel\"")
    }
    var reader = DiffusersConfigurationReader(configuration)
    var network = reader.unetEncoder(
      UNetDefaults(inputs: 4, outputs: 4, channels: [320, 640, 1280, 1280], layersDiffer: false))
    network.time.activation = network.block.activation
    network.time.classes = reader.optionalInteger("num_class_embeds")
    let attention = AttentionSettings(&reader, network)
    let middleBlock = reader.choice("mid_block_type", default: UNet2DConditionModel.Configuration.MiddleBlock.text)
    network.middle = middleBlock == .text ? .blocks : .block
    let imageChannels = reader.integer("conditioning_channels", default: 3)
    let imageWidths = reader.integers("conditioning_embedding_out_channels", default: [16, 32, 96, 256])
    let reversesChannels = reader.choice("controlnet_conditioning_channel_order", default: ChannelOrder.rgb) == .bgr
    reader.demandFalse("global_pool_conditions")
    try reader.finish()
    self.init(
      network: network, down: attention.down, middle: middleBlock == .text ? attention.middle : nil,
      linearProjection: attention.linearProjection, imageChannels: imageChannels, imageWidths: imageWidths,
      reversesChannels: reversesChannels)
  }
}
