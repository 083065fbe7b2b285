import LineupTensors

/// One level on the way down: residual blocks, linear attention, and the way to the next level.
struct DescendingLevel: Module {
  var blocks: [ResidualBlock]
  var attend: ResidualAttention<LinearImageAttention>
  /// To half the resolution (as pixel-unshuffle and a 1×1 convolution do together), or 3×3 on the innermost level.
  var descend: Convolution2D

  init(_ inputs: Int, to outputs: Int, isInnermost: Bool, _ shape: UNetShape, random: inout RandomStream) {
    blocks = (0..<shape.blocks).map { _ in
      ResidualBlock(inputs, to: inputs, embedding: shape.embedding, groups: shape.groups, random: &random)
    }
    attend = shape.linearAttention(inputs, random: &random)
    descend =
      isInnermost
      ? Convolution2D(inputs, to: outputs, random: &random)
      : Convolution2D(inputs, to: outputs, kernel: 2, stride: 2, padding: .valid, random: &random)
  }

  /// Appends what the way up will see again, one tensor a block; the last one after attention.
  func callAsFunction(_ input: Tensor, activeEmbedding: Tensor, skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for index in blocks.indices {
      hidden = blocks[index](hidden, activeEmbedding: activeEmbedding)
      if index == blocks.count - 1 { hidden = attend(hidden) }
      skips.append(hidden)
    }
    return descend(hidden)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("blocks", &blocks)
    visitor.child("attend", &attend)
    visitor.child("descend", &descend)
  }
}

/// One level on the way up: residual blocks that also see the way down, linear attention, and the way out.
struct AscendingLevel: Module {
  var blocks: [ResidualBlock]
  var attend: ResidualAttention<LinearImageAttention>
  /// A 3×3 convolution, after doubling the resolution unless the level is the outermost.
  var ascend: Convolution2D
  let enlarges: Bool

  init(_ inputs: Int, to outputs: Int, isOutermost: Bool, _ shape: UNetShape, random: inout RandomStream) {
    blocks = (0..<shape.blocks).map { _ in
      ResidualBlock(inputs + outputs, to: inputs, embedding: shape.embedding, groups: shape.groups, random: &random)
    }
    attend = shape.linearAttention(inputs, random: &random)
    ascend = Convolution2D(inputs, to: outputs, random: &random)
    enlarges = !isOutermost
  }

  func callAsFunction(_ input: Tensor, activeEmbedding: Tensor, skips: inout [Tensor]) -> Tensor {
    var hidden = input
    for block in blocks {
      hidden = block(concatenated([hidden, skips.removeLast()], along: -1), activeEmbedding: activeEmbedding)
    }
    hidden = attend(hidden)
    return ascend(enlarges ? hidden.upsampledNearest(by: 2) : hidden)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("blocks", &blocks)
    visitor.child("attend", &attend)
    visitor.child("ascend", &ascend)
  }
}

/// What all levels of one U-Net have in common.
struct UNetShape {
  var blocks: Int
  /// The width of the time embedding.
  var embedding: Int
  var groups: Int
  var heads: Int
  var headWidth: Int

  func linearAttention(_ channels: Int, random: inout RandomStream) -> ResidualAttention<LinearImageAttention> {
    ResidualAttention(
      channels, LinearImageAttention(channels, heads: heads, headWidth: headWidth, random: &random))
  }
}
