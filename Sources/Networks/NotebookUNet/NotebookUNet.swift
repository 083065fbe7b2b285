import LineupKernels
import LineupTensors

/// The U-Net of the annotated diffusion notebook, on pixels or on square patches of them.
///
/// Widths of the levels are w₀, w₁, …; the level `i` on the way down works at w₍ᵢ₋₁₎ (the first at w₀) and leads to wᵢ. Its
/// blocks standardise their weights; the noise level enters every block; attention is linear, but full in the middle.
public struct NotebookUNet: Module {
  let patch: Int
  var embed: TimeEmbedding
  /// Patches to the width of the first level.
  var stem: Convolution2D
  var down: [DescendingLevel]
  var middleFirst: ResidualBlock
  var middleAttend: ResidualAttention<ImageAttention>
  var middleSecond: ResidualBlock
  var up: [AscendingLevel]
  var last: ResidualBlock
  /// To the channels of patches, 1×1.
  var head: Convolution2D

  /// A network of a shape, with weights that begin as the stream draws them.
  public init(_ network: Configuration, imageChannels: Int, random: RandomStream) {
    var random = random
    patch = network.patch
    let outer = network.channels[0]
    let widths = [outer] + network.channels
    let inner = widths[widths.count - 1]
    let shape = UNetShape(
      blocks: network.blocks, embedding: 4 * outer, groups: network.groups, heads: network.heads,
      headWidth: network.headWidth)
    func block(_ inputs: Int, to outputs: Int) -> ResidualBlock {
      ResidualBlock(inputs, to: outputs, embedding: shape.embedding, groups: shape.groups, random: &random)
    }

    embed = TimeEmbedding(width: outer, random: &random)
    stem = Convolution2D(
      imageChannels, to: outer, kernel: patch, stride: patch, padding: .valid, random: &random)
    let levels = 0..<network.channels.count
    down = levels.map { level in
      DescendingLevel(
        widths[level], to: widths[level + 1], isInnermost: level == levels.upperBound - 1, shape, random: &random)
    }
    middleFirst = block(inner, to: inner)
    middleAttend = ResidualAttention(
      inner, ImageAttention(inner, heads: network.heads, headWidth: network.headWidth, random: &random))
    middleSecond = block(inner, to: inner)
    up = levels.reversed().map { level in
      AscendingLevel(widths[level + 1], to: widths[level], isOutermost: level == 0, shape, random: &random)
    }
    last = block(2 * outer, to: outer)
    head = Convolution2D(outer, to: imageChannels * patch * patch, kernel: 1, random: &random)
  }

  /// The prediction for noisy images `[batch, height, width, channels]`, each at its own timestep; of the same shape.
  public func callAsFunction(_ noisy: Tensor, at timesteps: [Float]) -> Tensor {
    require(
      noisy.rank == 4 && noisy.shape[0] == timesteps.count,
      "\(timesteps.count) timesteps do not fit images of shape \(noisy.shape)")
    let embedding = silu(embed(timesteps))
    let start = stem(noisy)
    var hidden = start
    var skips: [Tensor] = []
    for level in down { hidden = level(hidden, activeEmbedding: embedding, skips: &skips) }
    hidden = middleFirst(hidden, activeEmbedding: embedding)
    hidden = middleSecond(middleAttend(hidden), activeEmbedding: embedding)
    for level in up { hidden = level(hidden, activeEmbedding: embedding, skips: &skips) }
    hidden = last(concatenated([hidden, start], along: -1), activeEmbedding: embedding)
    let output = head(hidden)
    return patch == 1 ? output : output.pixelsShuffled(by: patch)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("embed", &embed)
    visitor.child("stem", &stem)
    visitor.children("down", &down)
    visitor.child("middleFirst", &middleFirst)
    visitor.child("middleAttend", &middleAttend)
    visitor.child("middleSecond", &middleSecond)
    visitor.children("up", &up)
    visitor.child("last", &last)
    visitor.child("head", &head)
  }
}
