import LineupKernels
import LineupTensors

/// What mixes the positions in a level of the conditional U-Net: a transformer that also reads the text, or plain
/// self-attention.
package struct LevelAttention: PositionMixer {
  package enum Kind: Sendable, Hashable {
    /// Attention of positions to each other, heads of a width each. [AttnDownBlock2D, AttnUpBlock2D]
    case image(headWidth: Int)
    case text(SpatialTransformer.Shape)
  }

  var transformer: SpatialTransformer?
  var attention: ImageSelfAttention?

  init(_ kind: Kind, channels: Int, _ block: ResidualBlock2D.Options, random: inout RandomStream) {
    switch kind {
    case .image(let headWidth):
      attention = ImageSelfAttention(
        channels, headWidth: headWidth, groups: block.groups, epsilon: block.epsilon, random: &random)
    case .text(let shape):
      transformer = SpatialTransformer(channels, shape, groups: block.groups, random: &random)
    }
  }

  /// The mixer of a place in a network, or nil where the place has none. `kinds` are those of the blocks of each level on the
  /// way down, the middle's, and those on the way up.
  static func mixer(
    at place: UNetPlace, of kinds: (down: [[Kind?]], middle: Kind?, up: [[Kind?]]), _ network: UNetConfiguration,
    random: inout RandomStream
  ) -> LevelAttention? {
    let (kind, level) =
      switch place {
      case .down(let level, let layer): (kinds.down[level][layer], level)
      case .middle: (kinds.middle, network.channels.count - 1)
      case .up(let level, let layer): (kinds.up[level][layer], level)
      }
    return kind.map { LevelAttention($0, channels: network.channels[level], network.block, random: &random) }
  }

  package func callAsFunction(_ input: Tensor, context: Tensor?) -> Tensor {
    if let attention { return attention(input) }
    require(context != nil, "a network with cross-attention needs a text")
    return transformer!(input, context: context!)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    transformer?.visit(&visitor)
    attention?.visit(&visitor)
  }
}
