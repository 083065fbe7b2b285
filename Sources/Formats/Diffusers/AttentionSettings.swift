import LineupNetworks

/// What a `config.json` says about attention on the way down and in the middle, where a `UNet2DConditionModel` and a
/// `ControlNetModel` agree.
struct AttentionSettings {
  enum DownBlock: String, CaseIterable {
    case plain = "DownBlock2D"
    case text = "CrossAttnDownBlock2D"
    case image = "AttnDownBlock2D"
  }

  /// For each level, what stands behind each of its residual blocks. [down_block_types]
  private(set) var down: [[LevelAttention.Kind?]] = []
  /// The number of heads in each level, which the file calls widths. [attention_head_dim]
  let heads: [Int]
  /// The layers of the transformers behind the residual blocks of each level. [transformer_layers_per_block]
  let layers: [[Int]]
  /// [use_linear_projection]
  let linearProjection: Bool
  private let contextWidths: [Int]
  private let textOnly: [Bool]

  init(_ reader: inout DiffusersConfigurationReader, _ network: UNetConfiguration) {
    let channels = network.channels
    let blocks: [DownBlock] = reader.blockTypes(
      "down_block_types", default: [.text, .text, .text, .plain], levels: channels.count)
    heads = reader.integersPerLevel("attention_head_dim", default: 8, levels: channels.count)
    reader.checkHeadWidths("attention_head_dim", zip(channels, heads).map { ($0, $1) })
    contextWidths = reader.integersPerLevel("cross_attention_dim", default: 1280, levels: channels.count)
    textOnly = reader.flagsPerLevel("only_cross_attention", default: false, levels: channels.count)
    layers = reader.integersPerBlock("transformer_layers_per_block", default: 1, counts: network.layers)
    linearProjection = reader.flag("use_linear_projection", default: false)
    down = channels.indices.map { level in
      switch blocks[level] {
      case .plain: .init(repeating: nil, count: network.layers[level])
      // Blocks without a text take the number as the width of a head.
      case .image: .init(repeating: .image(headWidth: heads[level]), count: network.layers[level])
      case .text: layers[level].map { .text(shape(level, layers: $0)) }
      }
    }
    reader.demandNull("encoder_hid_dim", "encoder_hid_dim_type", "num_attention_heads", "addition_embed_type")
    // In 32 bits nothing is cast up; the others belong to embeddings that are not supported.
    reader.ignore(
      "upcast_attention", "addition_time_embed_dim", "addition_embed_type_num_heads",
      "projection_class_embeddings_input_dim")
  }

  /// The transformer of a level.
  func shape(_ level: Int, layers: Int) -> SpatialTransformer.Shape {
    .init(
      heads: heads[level], contextWidth: contextWidths[level], layers: layers, readsTextOnly: textOnly[level])
  }

  /// The transformer in the middle, which has self-attention whatever the innermost level has.
  var middle: LevelAttention.Kind {
    var shape = shape(heads.count - 1, layers: layers[layers.count - 1][0])
    shape.readsTextOnly = false
    return .text(shape)
  }
}
