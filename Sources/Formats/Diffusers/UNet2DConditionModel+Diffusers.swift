import LineupKernels
import LineupNetworks
import LineupStrictJSON

extension UNet2DConditionModel.Configuration {
  private enum UpBlock: String, CaseIterable {
    case plain = "UpBlock2D"
    case text = "CrossAttnUpBlock2D"
    case image = "AttnUpBlock2D"
  }
  /// The names of the middle block, with and without attention; those of a ControlNet too.
  enum MiddleBlock: String, CaseIterable {
    case text = "UNetMidBlock2DCrossAttn"
    case plain = "UNetMidBlock2D"
  }
  private enum TimeFeatures: String, CaseIterable { case positional, fourier }

  /// The shape that a `config.json` of class `UNet2DConditionModel` describes. All that cannot be honoured is one error.
  package init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
    guard configuration.className == "UNet2DConditionModel" else {
      throw configuration.unfit("_class_name", expected: "\"UNet2DConditionModel\"")
    }
    var reader = DiffusersConfigurationReader(configuration)
    var network = reader.unet(
      UNetDefaults(inputs: 4, outputs: 4, channels: [320, 640, 1280, 1280], layersDiffer: true))
    let attention = AttentionSettings(&reader, network)
    let middleBlock: MiddleBlock? = reader.optionalChoice("mid_block_type", default: .text)
    network.middle = middleBlock == nil ? .nothing : middleBlock == .text ? .blocks : .block
    let up = Self.readUp(&reader, network, attention)
    Self.readTime(&reader, into: &network)
    Self.readRest(&reader, into: &network)
    try reader.finish()
    self.init(
      network: network, down: attention.down, middle: middleBlock == .text ? attention.middle : nil, up: up,
      linearProjection: attention.linearProjection)
  }

  private static func readUp(
    _ reader: inout DiffusersConfigurationReader, _ network: UNetConfiguration, _ attention: AttentionSettings
  ) -> [[LevelAttention.Kind?]] {
    let levels = network.channels.count
    let blocks: [UpBlock] = reader.blockTypes("up_block_types", default: [.plain, .text, .text, .text], levels: levels)
    // The list for the way up begins at the innermost level.
    let upKey = "reverse_transformer_layers_per_block"
    let counts = network.layers.map { $0 + 1 }
    let layers =
      reader.hasValue(upKey)
      ? reader.integersPerBlock(upKey, default: 1, counts: counts.reversed()).reversed()
      : zip(attention.layers, counts).map { layers, count in .init(repeating: layers[0], count: count) }
    if !reader.hasValue(upKey), reader.hasNestedLists("transformer_layers_per_block") {
      reader.reject(upKey, expected: "a value, because transformer_layers_per_block has lists of its own")
    }
    // Blocks without a text take the numbers of heads as widths, and those count the levels from the wrong end.
    let headWidths = Array(attention.heads.reversed())
    reader.checkHeadWidths(
      "attention_head_dim",
      network.channels.indices.filter { blocks[levels - 1 - $0] == .image }.map {
        (network.channels[$0], headWidths[$0])
      })
    return network.channels.indices.map { level in
      switch blocks[levels - 1 - level] {
      case .plain: .init(repeating: nil, count: counts[level])
      case .image: .init(repeating: .image(headWidth: headWidths[level]), count: counts[level])
      case .text: layers[level].map { .text(attention.shape(level, layers: $0)) }
      }
    }
  }

  private static func readTime(_ reader: inout DiffusersConfigurationReader, into network: inout UNetConfiguration) {
    if reader.choice("time_embedding_type", default: TimeFeatures.positional) == .fourier {
      let width = reader.optionalInteger("time_embedding_dim") ?? 2 * network.channels[0]
      if width % 2 != 0 { reader.reject("time_embedding_dim", expected: "an even number") }
      network.time.features = .fourier(deviation: 1, ofLogarithm: false, order: reader.sinusoidOrder())
      (network.time.inputs, network.time.width) = (width, width)
      network.block.timeWidth = width
    }
    network.time.activation = network.block.activation
    network.time.perceptronActivation = reader.activation("timestep_post_act", default: nil)
    network.time.classes = reader.optionalInteger("num_class_embeds")
    network.time.outputActivation = reader.activation("time_embedding_act_fn", default: nil)
  }

  private static func readRest(_ reader: inout DiffusersConfigurationReader, into network: inout UNetConfiguration) {
    network.outputActivation = network.block.activation
    network.inputKernel = reader.oddInteger("conv_in_kernel", default: 3)
    network.outputKernel = reader.oddInteger("conv_out_kernel", default: 3)
    reader.demandNull("time_cond_proj_dim")
    reader.demandFalse("dual_cross_attention", "class_embeddings_concat")
    reader.demand("attention_type", text: "default")
    // These belong to blocks that are not supported; the supported middle always has self-attention.
    reader.ignore(
      "resnet_skip_time_act", "resnet_out_scale_factor", "mid_block_only_cross_attention", "cross_attention_norm")
  }
}

extension UNet2DConditionModel.Configuration {
  /// The `config.json` that describes this shape, for networks with a text in their middle whose levels have either
  /// transformers of one shape, the same on both ways, or no attention, and whose time enters as sinusoids; what the file
  /// would not say is a mistake of the caller.
  ///
  /// - Parameter sampleSize: height and width of the latents. [sample_size]
  package func diffusersConfiguration(sampleSize: [Int]) -> JSONValue {
    func text(_ kinds: [LevelAttention.Kind?]) -> SpatialTransformer.Shape? {
      if case .text(let shape)? = kinds.first ?? nil { shape } else { nil }
    }
    guard case .text(let middleShape)? = middle, case .sinusoids(let order, let shift) = network.time.features else {
      preconditionFailure("a U-Net without a text in its middle, or without sinusoids, has no config.json here")
    }
    // Levels without attention do not use their numbers, apart from the innermost one, whose numbers are the middle's.
    let shapes = down.map { text($0) ?? middleShape }
    let up = Array(up.reversed())
    let configuration: JSONValue = [
      "_class_name": "UNet2DConditionModel",
      "sample_size": .each(sampleSize),
      "in_channels": .number(JSONNumber(network.inputs)),
      "out_channels": .number(JSONNumber(network.outputs)),
      "center_input_sample": .boolean(network.centersInput),
      "block_out_channels": .list(network.channels),
      "layers_per_block": .each(network.layers),
      "down_block_types": .array(
        down.map { .string((text($0) == nil ? AttentionSettings.DownBlock.plain : .text).rawValue) }),
      "mid_block_type": .string(MiddleBlock.text.rawValue),
      "up_block_types": .array(up.map { .string((text($0) == nil ? UpBlock.plain : .text).rawValue) }),
      "attention_head_dim": .each(shapes.map(\.heads)),
      "cross_attention_dim": .each(shapes.map(\.contextWidth)),
      "transformer_layers_per_block": .each(shapes.map(\.layers)),
      "only_cross_attention": shapes.contains { $0.readsTextOnly }
        ? .array(shapes.map { .boolean($0.readsTextOnly) }) : false,
      "use_linear_projection": .boolean(linearProjection),
      "flip_sin_to_cos": .boolean(order == .cosineFirst),
      "freq_shift": .number(JSONNumber(Double(shift))),
      "time_embedding_type": .string(TimeFeatures.positional.rawValue),
      "time_embedding_dim": .number(JSONNumber(network.time.width)),
      "norm_num_groups": .number(JSONNumber(network.block.groups)),
      "norm_eps": .float(network.block.epsilon),
      "act_fn": .string(network.block.activation.rawValue),
      "resnet_time_scale_shift": .string(network.block.modulation.rawValue),
      "downsample_padding": .number(JSONNumber(network.downsamplePadding)),
      "mid_block_scale_factor": .float(network.middleDivisor),
      "conv_in_kernel": .number(JSONNumber(network.inputKernel)),
      "conv_out_kernel": .number(JSONNumber(network.outputKernel)),
    ]
    let described = try? Self(
      diffusers: DiffusersConfiguration(parsing: Array(configuration.indentedText.utf8), path: "config.json"))
    require(described == self, "a config.json would not say all of the U-Net \(self)")
    return configuration
  }
}
