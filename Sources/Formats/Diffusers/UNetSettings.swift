import LineupNetworks
import LineupStrictJSON

/// Defaults in which the classes of U-Nets differ.
package struct UNetDefaults: Sendable {
  package var inputs: Int
  package var outputs: Int
  package var channels: [Int]
  /// Whether `layers_per_block` may be a list.
  package var layersDiffer: Bool

  package init(inputs: Int, outputs: Int, channels: [Int], layersDiffer: Bool) {
    (self.inputs, self.outputs, self.channels, self.layersDiffer) = (inputs, outputs, channels, layersDiffer)
  }
}

extension DiffusersConfigurationReader {
  /// What `UNet2DModel` and `UNet2DConditionModel` have in common, apart from the kind of time embedding, for which this
  /// takes sinusoids, and from `mid_block_type` and `num_class_embeds`.
  package mutating func unet(_ defaults: UNetDefaults) -> UNetConfiguration {
    checkSampleSize()
    var unet = unetEncoder(defaults)
    unet.outputs = integer("out_channels", default: defaults.outputs)
    unet.centersInput = flag("center_input_sample", default: false)
    unet.time.width = optionalInteger("time_embedding_dim") ?? unet.time.width
    unet.block.timeWidth = unet.time.width
    return unet
  }

  /// The part of it that a `ControlNetModel` has too: what the way down and the middle need. The width of the time embedding
  /// is four times that of the outermost level.
  package mutating func unetEncoder(_ defaults: UNetDefaults) -> UNetConfiguration {
    let channels = integers("block_out_channels", default: defaults.channels)
    var unet = UNetConfiguration(
      inputs: integer("in_channels", default: defaults.inputs), outputs: defaults.outputs, channels: channels,
      layersPerBlock: 1, groups: 1, epsilon: 1e-5)
    unet.layers =
      defaults.layersDiffer
      ? integersPerLevel(
        "layers_per_block", default: 2, levels: channels.count, in: DiffusersConfigurationReader.layerCounts)
      : channels.map {
        [
          layers = integer("layers_per_block", default: 2, in: DiffusersConfigurationReader.layerCounts)
        ] _ in layers
      }
    unet.block = residualBlocks(channels: channels)
    unet.downsamplePadding = integer("downsample_padding", default: 1, in: 0...1)
    unet.middleDivisor = number("mid_block_scale_factor", default: 1, positive: true)
    unet.time = sinusoidalTime(channels: channels)
    unet.block.timeWidth = unet.time.width
    demandNull("class_embed_type")
    return unet
  }

  private mutating func residualBlocks(channels: [Int]) -> ResidualBlock2D.Options {
    demand("dropout", 0)
    return ResidualBlock2D.Options(
      groups: groups(of: channels), epsilon: number("norm_eps", default: 1e-5, positive: true),
      activation: activation("act_fn", default: .silu)!,
      modulation: choice("resnet_time_scale_shift", default: .shift), beginsAsShortcut: true)
  }

  /// `norm_num_groups`, which must divide all widths.
  package mutating func groups(of channels: [Int]) -> Int {
    let groups = integer("norm_num_groups", default: 32)
    if channels.contains(where: { $0 % groups != 0 }) {
      reject("norm_num_groups", expected: "a divisor of all of block_out_channels \(channels)")
    }
    return groups
  }

  /// The order of sines and cosines. [flip_sin_to_cos]
  package mutating func sinusoidOrder() -> SinusoidOrder {
    flag("flip_sin_to_cos", default: true) ? .cosineFirst : .sineFirst
  }

  private mutating func sinusoidalTime(channels: [Int]) -> TimestepEmbedding.Options {
    let shift = number("freq_shift", default: 0)
    if shift == Float(channels[0] / 2) {
      reject("freq_shift", expected: "another number than half the width of the outermost level")
    }
    return TimestepEmbedding.Options(
      features: .sinusoids(order: sinusoidOrder(), shift: shift), inputs: channels[0],
      width: 4 * channels[0])
  }

  /// Reports levels where a head would be wider than all its channels.
  package mutating func checkHeadWidths(_ key: String, _ levels: some Sequence<(channels: Int, headWidth: Int)>) {
    for level in levels where level.headWidth > level.channels {
      reject(key, expected: "at most \(level.channels), the width of a level that attends")
    }
  }
}
