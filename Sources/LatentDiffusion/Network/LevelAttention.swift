import Kernels
import Layers
import Tensors

/// What mixes the positions in a level of the conditional U-Net: a transformer that also reads the text, or plain
/// self-attention.
public struct LevelAttention: PositionMixer {
  public enum Kind: Sendable, Hashable {
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

  public func callAsFunction(_ input: Tensor, context: Tensor?) -> Tensor {
    if let attention { return attention(input) }
    require(context != nil, "a network with cross-attention needs a text")
    return transformer!(input, context: context!)
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    transformer?.visit(&visitor)
    attention?.visit(&visitor)
  }
}
