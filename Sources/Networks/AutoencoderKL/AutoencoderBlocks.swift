import LineupTensors

extension AutoencoderKL.Configuration {
  /// The residual blocks of encoder and decoder have no time input.
  var block: ResidualBlock2D.Options {
    ResidualBlock2D.Options(groups: groups, epsilon: 1e-6, activation: activation)
  }

  /// Self-attention with one head over all channels.
  func attention(_ channels: Int, random: inout RandomStream) -> ImageSelfAttention {
    ImageSelfAttention(channels, groups: groups, epsilon: 1e-6, random: &random)
  }
}

/// The innermost stage of encoder and decoder: a residual block, attention where it is wanted, a residual block.
struct MidBlock: Layer {
  /// Two blocks.
  var resnets: [ResidualBlock2D]
  var attention: ImageSelfAttention?

  init(_ channels: Int, _ configuration: AutoencoderKL.Configuration, random: inout RandomStream) {
    resnets = (0..<2).map { _ in ResidualBlock2D(channels, to: channels, configuration.block, random: &random) }
    attention = configuration.midBlockAttention ? configuration.attention(channels, random: &random) : nil
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = resnets[0](input)
    return resnets[1](attention?(hidden) ?? hidden)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.enter("attentions")
    visitor.child("0", &attention)
    visitor.leave()
  }
}

/// Residual blocks in a row, each with attention behind it where the level has it.
private struct BlockRow: Module {
  var resnets: [ResidualBlock2D]
  /// As many as blocks, or none.
  var attentions: [ImageSelfAttention]

  init(
    _ inputs: Int, to outputs: Int, count: Int, attends: Bool, _ configuration: AutoencoderKL.Configuration,
    random: inout RandomStream
  ) {
    var (resnets, attentions): ([ResidualBlock2D], [ImageSelfAttention]) = ([], [])
    for index in 0..<count {
      resnets.append(
        ResidualBlock2D(index == 0 ? inputs : outputs, to: outputs, configuration.block, random: &random))
      if attends { attentions.append(configuration.attention(outputs, random: &random)) }
    }
    (self.resnets, self.attentions) = (resnets, attentions)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    var hidden = input
    for (index, resnet) in resnets.enumerated() {
      hidden = resnet(hidden)
      if !attentions.isEmpty { hidden = attentions[index](hidden) }
    }
    return hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.children("attentions", &attentions)
  }
}

/// One level of the encoder: residual blocks, then, except in the last level, a convolution that halves the size.
struct EncoderLevel: Layer {
  private var blocks: BlockRow
  var downsampler: Downsampler2D?

  init(_ level: Int, _ configuration: AutoencoderKL.Configuration, random: inout RandomStream) {
    let widths = configuration.channels
    blocks = BlockRow(
      widths[max(level - 1, 0)], to: widths[level], count: configuration.layersPerBlock,
      attends: configuration.encoderAttention.contains(level), configuration, random: &random)
    downsampler = level + 1 < widths.count ? Downsampler2D(widths[level], padding: 0, random: &random) : nil
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = blocks(input)
    return downsampler?(hidden) ?? hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    blocks.visit(&visitor)
    visitor.enter("downsamplers")
    visitor.child("0", &downsampler)
    visitor.leave()
  }
}

/// One level of the decoder: residual blocks, then, except in the outermost level, nearest-neighbour doubling and a
/// convolution.
struct DecoderLevel: Layer {
  private var blocks: BlockRow
  var upsampler: Upsampler2D?

  init(_ level: Int, _ configuration: AutoencoderKL.Configuration, random: inout RandomStream) {
    let widths = configuration.channels
    blocks = BlockRow(
      widths[min(level + 1, widths.count - 1)], to: widths[level], count: configuration.layersPerBlock + 1,
      attends: configuration.decoderAttention.contains(level), configuration, random: &random)
    upsampler = level > 0 ? Upsampler2D(widths[level], random: &random) : nil
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = blocks(input)
    return upsampler?(hidden) ?? hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    blocks.visit(&visitor)
    visitor.enter("upsamplers")
    visitor.child("0", &upsampler)
    visitor.leave()
  }
}
