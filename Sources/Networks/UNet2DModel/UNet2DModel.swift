import LineupTensors

/// The U-Net of Ho, Jain and Abbeel 2020, with self-attention in some of its levels: diffusers' `UNet2DModel`, layer for
/// layer. The walk's names are its names in camel case.
public struct UNet2DModel: Module {
  /// What distinguishes one network's shape from another's; names of `config.json` are given in brackets.
  public struct Configuration: Sendable, Hashable {
    package var network: UNetConfiguration
    /// Whether each level, outermost first, attends on the way down and on the way up.
    /// [AttnDownBlock2D in down_block_types, AttnUpBlock2D in up_block_types]
    package var attendsDown: [Bool]
    package var attendsUp: [Bool]
    /// Features of one head; nil for one head over all channels. [attention_head_dim]
    package var headWidth: Int?
    /// Whether the middle attends, and the groups of its normalisation there; none leaves that out.
    /// [add_attention, attn_norm_num_groups]
    package var middleAttends = true
    package var middleGroups: Int?

    /// - Parameters:
    ///   - imageChannels: channels of images and prediction. [in_channels, out_channels]
    ///   - channels: widths of the levels, outermost first. [block_out_channels]
    ///   - attends: whether each level attends; the middle always does.
    public init(
      imageChannels: Int, channels: [Int], layersPerBlock: Int, attends: [Bool], headWidth: Int? = 8,
      groups: Int = 32, epsilon: Float = 1e-5
    ) {
      network = UNetConfiguration(
        inputs: imageChannels, outputs: imageChannels, channels: channels, layersPerBlock: layersPerBlock,
        groups: groups, epsilon: epsilon)
      (attendsDown, attendsUp) = (attends, attends)
      self.headWidth = headWidth
      middleGroups = groups
    }

    /// A shape said member by member.
    package init(
      network: UNetConfiguration, attendsDown: [Bool], attendsUp: [Bool], headWidth: Int?, middleAttends: Bool,
      middleGroups: Int?
    ) {
      (self.network, self.attendsDown, self.attendsUp) = (network, attendsDown, attendsUp)
      (self.headWidth, self.middleAttends, self.middleGroups) = (headWidth, middleAttends, middleGroups)
    }
  }

  package let configuration: Configuration
  var backbone: UNetBackbone<ImageSelfAttention>

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    let network = configuration.network
    func attention(
      _ level: Int, groups: Int?, divisor: Float = 1, _ random: inout RandomStream
    ) -> ImageSelfAttention {
      ImageSelfAttention(
        network.channels[level], headWidth: configuration.headWidth, groups: groups, epsilon: network.block.epsilon,
        divisor: divisor, random: &random)
    }
    backbone = UNetBackbone(
      network,
      mixer: { place, random in
        let groups = network.block.groups
        switch place {
        case .down(let level, _):
          return configuration.attendsDown[level] ? attention(level, groups: groups, &random) : nil
        case .up(let level, _):
          return configuration.attendsUp[level] ? attention(level, groups: groups, &random) : nil
        case .middle:
          guard configuration.middleAttends else { return nil }
          return attention(
            network.channels.count - 1, groups: configuration.middleGroups, divisor: network.middleDivisor, &random)
        }
      }, random: &random)
  }

  /// The prediction for noisy images `[batch, height, width, inputs]`, each at its own timestep;
  /// `[batch, height, width, outputs]`. Sides must be multiples of 2^(levels − 1).
  public func callAsFunction(_ noisy: Tensor, at timesteps: [Float]) -> Tensor { backbone(noisy, at: timesteps) }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { backbone.visit(&visitor) }
}
