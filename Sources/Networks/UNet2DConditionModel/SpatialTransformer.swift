import LineupTensors

/// Attention of an image's positions to each other and to a text, with a residual connection around it all
/// (Rombach et al. 2022, appendix E.2.1).
package struct SpatialTransformer: Module {
  /// What distinguishes one transformer's shape from another's.
  package struct Shape: Sendable, Hashable {
    /// Each head has `channels / heads` features, rounded down.
    package var heads: Int
    /// Width of the text's features.
    package var contextWidth: Int
    package var layers: Int
    /// Whether the first attention of a layer reads the text too, instead of the image. [only_cross_attention]
    package var readsTextOnly: Bool

    package init(heads: Int, contextWidth: Int, layers: Int, readsTextOnly: Bool = false) {
      (self.heads, self.contextWidth, self.layers) = (heads, contextWidth, layers)
      self.readsTextOnly = readsTextOnly
    }
  }

  var norm: GroupNorm
  // A 1×1 convolution and a linear layer over channels are one thing when channels come last.
  var projectionIn: Linear
  var blocks: [TransformerBlock]
  var projectionOut: Linear

  init(_ channels: Int, _ shape: Shape, groups: Int, random: inout RandomStream) {
    // Not the epsilon of the residual blocks.
    norm = GroupNorm(groups: groups, channels: channels, epsilon: 1e-6)
    let width = channels / shape.heads * shape.heads
    projectionIn = Linear(channels, to: width, random: &random)
    blocks = (0..<shape.layers).map { _ in TransformerBlock(width, shape, random: &random) }
    projectionOut = Linear(width, to: channels, initializer: .zeros, random: &random)
  }

  /// `input` is `[batch, height, width, channels]`, `context` is `[batch, tokens, contextWidth]`.
  package func callAsFunction(_ input: Tensor, context: Tensor) -> Tensor {
    let (batch, channels) = (input.shape[0], input.shape[3])
    var hidden = projectionIn(norm(input).reshaped(to: [batch, -1, channels]))
    for block in blocks { hidden = block(hidden, context: context) }
    return projectionOut(hidden).reshaped(to: input.shape) + input
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
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

  let readsTextOnly: Bool

  init(_ width: Int, _ shape: SpatialTransformer.Shape, random: inout RandomStream) {
    let (heads, context) = (shape.heads, shape.contextWidth)
    readsTextOnly = shape.readsTextOnly
    norm1 = LayerNorm(width)
    selfAttention = MultiHeadAttention(
      width: width, context: readsTextOnly ? context : nil, heads: heads, random: &random)
    norm2 = LayerNorm(width)
    crossAttention = MultiHeadAttention(width: width, context: context, heads: heads, random: &random)
    norm3 = LayerNorm(width)
    gatedExpansion = Linear(width, to: 8 * width, random: &random)
    contraction = Linear(4 * width, to: width, random: &random)
  }

  func callAsFunction(_ input: Tensor, context: Tensor) -> Tensor {
    var hidden = input + selfAttention(norm1(input), context: readsTextOnly ? context : nil)
    hidden = hidden + crossAttention(norm2(hidden), context: context)
    return hidden + contraction(gegluProduct(gatedExpansion(norm3(hidden))))
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm1", &norm1)
    visitor.enter("attn1")
    selfAttention.visitAsInDiffusers(&visitor)
    visitor.leave()
    visitor.child("norm2", &norm2)
    visitor.enter("attn2")
    crossAttention.visitAsInDiffusers(&visitor)
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
}
