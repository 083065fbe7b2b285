import LineupNetworks
import LineupStrictJSON

extension AutoencoderKL.Configuration {
  private enum DownBlock: String, CaseIterable {
    case plain = "DownEncoderBlock2D"
    case attending = "AttnDownEncoderBlock2D"
  }
  private enum UpBlock: String, CaseIterable {
    case plain = "UpDecoderBlock2D"
    case attending = "AttnUpDecoderBlock2D"
  }

  /// The shape that a `config.json` of class `AutoencoderKL` describes. All that cannot be honoured is one error.
  package init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
    guard configuration.className == "AutoencoderKL" else {
      throw configuration.unfit("_class_name", expected: "\"AutoencoderKL\"")
    }
    var reader = DiffusersConfigurationReader(configuration)
    reader.checkSampleSize()
    self.init()
    channels = reader.integers("block_out_channels", default: [64])
    imageChannels = reader.integer("in_channels", default: 3)
    decodedChannels = reader.integer("out_channels", default: 3)
    latentChannels = reader.integer("latent_channels", default: 4)
    layersPerBlock = reader.integer(
      "layers_per_block", default: 1, in: DiffusersConfigurationReader.layerCounts)
    groups = reader.groups(of: channels)
    activation = reader.activation("act_fn", default: .silu)!
    let down: [DownBlock] = reader.blockTypes("down_block_types", default: [.plain], levels: channels.count)
    let up: [UpBlock] = reader.blockTypes("up_block_types", default: [.plain], levels: channels.count)
    encoderAttention = Set(down.indices.filter { down[$0] == .attending })
    decoderAttention = Set(up.indices.filter { up[$0] == .attending }.map { up.count - 1 - $0 })
    // Of a list of height and width the first counts, as in diffusers; its default is 32.
    sampleSize = configuration.sampleSize?.first ?? 32
    midBlockAttention = reader.flag("mid_block_add_attention", default: true)
    convolvesMoments = reader.flag("use_quant_conv", default: true)
    convolvesLatents = reader.flag("use_post_quant_conv", default: true)
    scalingFactor = reader.number("scaling_factor", default: 0.18215, positive: true)
    // Other ways to normalise latents than by one factor.
    reader.demandNull("shift_factor", "latents_mean", "latents_std")
    // In 32 bits nothing is cast up.
    reader.ignore("force_upcast")
    try reader.finish()
  }

  /// The `config.json` that describes this shape.
  ///
  /// - Parameters:
  ///   - sampleSize: height and width of the images. [sample_size]
  ///   - scalingFactor: what latents are multiplied by before a network sees them. [scaling_factor]
  package func diffusersConfiguration(sampleSize: [Int], scalingFactor: Float) -> JSONValue {
    let levels = channels.indices
    func down(_ level: Int) -> DownBlock { encoderAttention.contains(level) ? .attending : .plain }
    func up(_ level: Int) -> UpBlock { decoderAttention.contains(level) ? .attending : .plain }
    return [
      "_class_name": "AutoencoderKL",
      "sample_size": .each(sampleSize),
      "in_channels": .number(JSONNumber(imageChannels)),
      "out_channels": .number(JSONNumber(decodedChannels ?? imageChannels)),
      "latent_channels": .number(JSONNumber(latentChannels)),
      "block_out_channels": .list(channels),
      "layers_per_block": .number(JSONNumber(layersPerBlock)),
      "down_block_types": .array(levels.map { .string(down($0).rawValue) }),
      "up_block_types": .array(levels.reversed().map { .string(up($0).rawValue) }),
      "mid_block_add_attention": .boolean(midBlockAttention),
      "norm_num_groups": .number(JSONNumber(groups)),
      "act_fn": .string(activation.rawValue),
      "use_quant_conv": .boolean(convolvesMoments),
      "use_post_quant_conv": .boolean(convolvesLatents),
      "scaling_factor": .number(JSONNumber(Double(scalingFactor))),
    ]
  }
}
