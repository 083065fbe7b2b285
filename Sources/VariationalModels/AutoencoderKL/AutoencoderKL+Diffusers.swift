import Layers
import Training

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
  public init(diffusers configuration: DiffusersConfiguration) throws(DiffusersConfigurationError) {
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
    layersPerBlock = reader.integer("layers_per_block", default: 1)
    groups = reader.groups(of: channels)
    activation = reader.activation("act_fn", default: .silu)!
    let down: [DownBlock] = reader.blockTypes("down_block_types", default: [.plain], levels: channels.count)
    let up: [UpBlock] = reader.blockTypes("up_block_types", default: [.plain], levels: channels.count)
    encoderAttention = Set(down.indices.filter { down[$0] == .attending })
    decoderAttention = Set(up.indices.filter { up[$0] == .attending }.map { up.count - 1 - $0 })
    midBlockAttention = reader.flag("mid_block_add_attention", default: true)
    convolvesMoments = reader.flag("use_quant_conv", default: true)
    convolvesLatents = reader.flag("use_post_quant_conv", default: true)
    // What pipelines do with latents, and in which precision.
    reader.ignore("scaling_factor", "shift_factor", "latents_mean", "latents_std", "force_upcast")
    try reader.finish()
  }
}
