import Layers
import Tensors

/// Attention of an image's positions to each other and to a text, with a residual connection around it all
/// (Rombach et al. 2022, appendix E.2.1).
struct SpatialTransformer: Module {
  var norm: GroupNorm
  // A 1×1 convolution and a linear layer over channels are one thing when channels come last.
  var projectionIn: Linear
  var blocks: [TransformerBlock]
  var projectionOut: Linear

  init(_ channels: Int, heads: Int, _ configuration: ConditionalUNet.Configuration, random: inout RandomStream) {
    // Not the epsilon of the residual blocks.
    norm = GroupNorm(groups: configuration.groups, channels: channels, epsilon: 1e-6)
    projectionIn = Linear(channels, to: channels, random: &random)
    blocks = (0..<configuration.transformerLayers).map { _ in
      TransformerBlock(channels, heads: heads, context: configuration.contextWidth, random: &random)
    }
    projectionOut = Linear(channels, to: channels, initializer: .zeros, random: &random)
  }

  /// `input` is `[batch, height, width, channels]`, `context` is `[batch, tokens, contextWidth]`.
  func callAsFunction(_ input: Tensor, context: Tensor) -> Tensor {
    let (batch, channels) = (input.shape[0], input.shape[3])
    var hidden = projectionIn(norm(input).reshaped(to: [batch, -1, channels]))
    for block in blocks { hidden = block(hidden, context: context) }
    return projectionOut(hidden).reshaped(to: input.shape) + input
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm", &norm)
    visitor.child("projIn", &projectionIn)
    visitor.children("transformerBlocks", &blocks)
    visitor.child("projOut", &projectionOut)
  }
}

/// Self-attention, cross-attention to the text, and a gated perceptron, each on its normalised input.
struct TransformerBlock: Module {
  var norm1: LayerNorm
  var selfAttention: MultiHeadAttention
  var norm2: LayerNorm
  var crossAttention: MultiHeadAttention
  var norm3: LayerNorm
  var gatedExpansion: Linear
  var contraction: Linear

  init(_ width: Int, heads: Int, context: Int, random: inout RandomStream) {
    norm1 = LayerNorm(width)
    selfAttention = MultiHeadAttention(width: width, heads: heads, random: &random)
    norm2 = LayerNorm(width)
    crossAttention = MultiHeadAttention(width: width, context: context, heads: heads, random: &random)
    norm3 = LayerNorm(width)
    gatedExpansion = Linear(width, to: 8 * width, random: &random)
    contraction = Linear(4 * width, to: width, random: &random)
  }

  func callAsFunction(_ input: Tensor, context: Tensor) -> Tensor {
    var hidden = input + selfAttention(norm1(input))
    hidden = hidden + crossAttention(norm2(hidden), context: context)
    // GEGLU (Shazeer 2020): the second half is the gate.
    let halves = gatedExpansion(norm3(hidden)).split(into: 2, along: -1)
    return hidden + contraction(halves[0] * gelu(halves[1]))
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm1", &norm1)
    visitor.enter("attn1")
    Self.visit(&selfAttention, &visitor)
    visitor.leave()
    visitor.child("norm2", &norm2)
    visitor.enter("attn2")
    Self.visit(&crossAttention, &visitor)
    visitor.leave()
    visitor.child("norm3", &norm3)
    visitor.enter("ff")
    visitor.enter("net")
    visitor.enter("0")
    visitor.child("proj", &gatedExpansion)
    visitor.leave()
    visitor.child("2", &contraction)
    visitor.leave()
    visitor.leave()
  }

  private static func visit(_ attention: inout MultiHeadAttention, _ visitor: inout some ModuleVisitor) {
    visitor.child("toQ", &attention.toQuery)
    visitor.child("toK", &attention.toKey)
    visitor.child("toV", &attention.toValue)
    // Published checkpoints keep the output layer in a list of one.
    visitor.enter("toOut")
    visitor.child("0", &attention.toOutput)
    visitor.leave()
  }
}
