import LineupNetworks

extension UNet2DModel.Configuration {
  private enum DownBlock: String, CaseIterable {
    case plain = "DownBlock2D"
    case attending = "AttnDownBlock2D"
  }
  private enum UpBlock: String, CaseIterable {
    case plain = "UpBlock2D"
    case attending = "AttnUpBlock2D"
  }
  private enum MiddleBlock: String, CaseIterable { case attending = "UNetMidBlock2D" }
  private enum TimeFeatures: String, CaseIterable { case positional, fourier, learned }

  /// The shape that a `config.json` of class `UNet2DModel` describes. All that cannot be honoured is one error.
  package init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
    guard configuration.className == "UNet2DModel" else {
      throw configuration.unfit("_class_name", expected: "\"UNet2DModel\"")
    }
    var reader = DiffusersConfigurationReader(configuration)
    var network = reader.unet(
      UNetDefaults(inputs: 3, outputs: 3, channels: [224, 448, 672, 896], layersDiffer: false))
    reader.demandNull("num_class_embeds")
    let levels = network.channels.count
    let down: [DownBlock] = reader.blockTypes(
      "down_block_types", default: [.plain, .attending, .attending, .attending], levels: levels)
    let up: [UpBlock] = reader.blockTypes(
      "up_block_types", default: [.attending, .attending, .attending, .plain], levels: levels)
    let attendsDown = down.map { $0 == .attending }
    let attendsUp = up.reversed().map { $0 == .attending }
    // Only blocks that attend know the other way to change the resolution.
    let halving: UNetConfiguration.LevelChange = reader.choice("downsample_type", default: .convolution)
    let doubling: UNetConfiguration.LevelChange = reader.choice("upsample_type", default: .convolution)
    network.halving = attendsDown.map { $0 ? halving : .convolution }
    network.doubling = attendsUp.map { $0 ? doubling : .convolution }
    Self.readTime(&reader, into: &network)

    let middle: MiddleBlock? = reader.optionalChoice("mid_block_type", default: .attending)
    network.middle = middle == nil ? .nothing : .blocks
    let middleAttends = reader.flag("add_attention", default: true)
    let groups = reader.optionalInteger("attn_norm_num_groups")
    if let groups, network.channels[levels - 1] % groups != 0 {
      reader.reject("attn_norm_num_groups", expected: "a divisor of \(network.channels[levels - 1])")
    }
    let middleGroups = groups ?? (network.block.modulation == .shift ? network.block.groups : nil)
    let headWidth = reader.optionalInteger("attention_head_dim", default: 8)
    if let headWidth {
      let middle = middle != nil && middleAttends
      let attending = network.channels.indices.filter {
        attendsDown[$0] || attendsUp[$0] || (middle && $0 == levels - 1)
      }
      reader.checkHeadWidths("attention_head_dim", attending.map { (network.channels[$0], headWidth) })
    }
    try reader.finish()
    self.init(
      network: network, attendsDown: attendsDown, attendsUp: attendsUp, headWidth: headWidth,
      middleAttends: middleAttends, middleGroups: middleGroups)
  }

  private static func readTime(_ reader: inout DiffusersConfigurationReader, into network: inout UNetConfiguration) {
    let timesteps = reader.optionalInteger("num_train_timesteps")
    switch reader.choice("time_embedding_type", default: TimeFeatures.positional) {
    case .positional: break
    case .fourier:
      network.time.features = .fourier(deviation: 16, ofLogarithm: true, order: .sineFirst)
      network.time.inputs = 2 * network.channels[0]
      network.dividesByTime = true
    case .learned:
      if timesteps == nil {
        reader.reject("num_train_timesteps", expected: "a number, because time_embedding_type is \"learned\"")
      }
      network.time.features = .learned(count: timesteps ?? 1)
    }
  }
}
