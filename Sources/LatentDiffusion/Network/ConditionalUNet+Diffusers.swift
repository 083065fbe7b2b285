import Layers
import Training

extension ConditionalUNet.Configuration {
  private enum DownBlock: String, CaseIterable {
    case plain = "DownBlock2D"
    case text = "CrossAttnDownBlock2D"
    case image = "AttnDownBlock2D"
  }
  private enum UpBlock: String, CaseIterable {
    case plain = "UpBlock2D"
    case text = "CrossAttnUpBlock2D"
    case image = "AttnUpBlock2D"
  }
  private enum MiddleBlock: String, CaseIterable {
    case text = "UNetMidBlock2DCrossAttn"
    case plain = "UNetMidBlock2D"
  }
  private enum TimeFeatures: String, CaseIterable { case positional, fourier }

  /// The shape that a `config.json` of class `UNet2DConditionModel` describes. All that cannot be honoured is one error.
  public init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
    guard configuration.className == "UNet2DConditionModel" else {
      throw configuration.unfit("_class_name", expected: "\"UNet2DConditionModel\"")
    }
    var reader = DiffusersConfigurationReader(configuration)
    var network = reader.unet(
      UNetDefaults(inputs: 4, outputs: 4, channels: [320, 640, 1280, 1280], layersDiffer: true))
    let levels = network.channels.count
    let downBlocks: [DownBlock] = reader.blockTypes(
      "down_block_types", default: [.text, .text, .text, .plain], levels: levels)
    let upBlocks: [UpBlock] = reader.blockTypes(
      "up_block_types", default: [.plain, .text, .text, .text], levels: levels)
    let middleBlock: MiddleBlock? = reader.optionalChoice("mid_block_type", default: .text)
    network.middle = middleBlock == nil ? .nothing : middleBlock == .text ? .blocks : .block

    // The file calls the numbers of heads widths; only blocks without a text take them as such, and on the way up those
    // count the levels from the wrong end.
    let heads = reader.integersPerLevel("attention_head_dim", default: 8, levels: levels)
    reader.checkHeadWidths("attention_head_dim", zip(network.channels, heads).map { ($0, $1) })
    let transformers = Self.transformers(&reader, network, heads: heads)
    down = network.channels.indices.map { level in
      switch downBlocks[level] {
      case .plain: .init(repeating: nil, count: network.layers[level])
      case .image: .init(repeating: .image(headWidth: heads[level]), count: network.layers[level])
      case .text: transformers.down[level].map { .text($0) }
      }
    }
    up = network.channels.indices.map { level in
      let block = levels - 1 - level
      return switch upBlocks[block] {
      case .plain: .init(repeating: nil, count: network.layers[level] + 1)
      case .image: .init(repeating: .image(headWidth: heads[block]), count: network.layers[level] + 1)
      case .text: transformers.up[level].map { .text($0) }
      }
    }
    middle = middleBlock == .text ? .text(transformers.middle) : nil
    reader.checkHeadWidths(
      "attention_head_dim",
      network.channels.indices.filter { upBlocks[levels - 1 - $0] == .image }.map {
        (network.channels[$0], heads[levels - 1 - $0])
      })
    linearProjection = reader.flag("use_linear_projection", default: false)
    Self.readTime(&reader, into: &network)
    Self.readRest(&reader, into: &network)
    self.network = network
    try reader.finish()
  }

  /// The transformers behind each residual block of each level.
  private static func transformers(
    _ reader: inout DiffusersConfigurationReader, _ network: UNetConfiguration, heads: [Int]
  ) -> (down: [[SpatialTransformer.Shape]], middle: SpatialTransformer.Shape, up: [[SpatialTransformer.Shape]]) {
    let levels = network.channels.count
    let context = reader.integersPerLevel("cross_attention_dim", default: 1280, levels: levels)
    let textOnly = reader.flagsPerLevel("only_cross_attention", default: false, levels: levels)
    let down = reader.integersPerBlock("transformer_layers_per_block", default: 1, counts: network.layers)
    // The list for the way up begins at the innermost level.
    let upKey = "reverse_transformer_layers_per_block"
    let up =
      reader.hasValue(upKey)
      ? reader.integersPerBlock(upKey, default: 1, counts: network.layers.reversed().map { $0 + 1 }).reversed()
      : down.enumerated().map { level, layers in .init(repeating: layers[0], count: network.layers[level] + 1) }
    if !reader.hasValue(upKey), reader.hasNestedLists("transformer_layers_per_block") {
      reader.reject(upKey, expected: "a value, because transformer_layers_per_block has lists of its own")
    }
    func shape(_ level: Int, _ layers: Int) -> SpatialTransformer.Shape {
      .init(heads: heads[level], contextWidth: context[level], layers: layers, readsTextOnly: textOnly[level])
    }
    var middle = shape(levels - 1, down[levels - 1][0])
    middle.readsTextOnly = false
    return (
      down.enumerated().map { level, layers in layers.map { shape(level, $0) } }, middle,
      up.enumerated().map { level, layers in layers.map { shape(level, $0) } }
    )
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
    network.time.outputActivations = ["timestep_post_act", "time_embedding_act_fn"].compactMap {
      reader.activation($0, default: nil)
    }
  }

  private static func readRest(_ reader: inout DiffusersConfigurationReader, into network: inout UNetConfiguration) {
    network.outputActivation = network.block.activation
    network.inputKernel = reader.oddInteger("conv_in_kernel", default: 3)
    network.outputKernel = reader.oddInteger("conv_out_kernel", default: 3)
    reader.demandNull(
      "encoder_hid_dim", "encoder_hid_dim_type", "num_attention_heads", "addition_embed_type", "time_cond_proj_dim")
    reader.demandFalse("dual_cross_attention", "class_embeddings_concat")
    reader.demand("attention_type", text: "default")
    // In 32 bits nothing is cast up; the others belong to blocks and embeddings that are not supported.
    reader.ignore(
      "upcast_attention", "resnet_skip_time_act", "resnet_out_scale_factor", "mid_block_only_cross_attention",
      "cross_attention_norm", "addition_time_embed_dim", "addition_embed_type_num_heads",
      "projection_class_embeddings_input_dim")
  }
}
