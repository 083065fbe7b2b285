import Layers
import Tensors

/// The residual block of `AutoencoderKL`: two convolutions after normalisation and SiLU, without a time input.
package struct ResidualBlock: Layer {
  var norm1: GroupNorm
  var conv1: Convolution2D
  var norm2: GroupNorm
  var conv2: Convolution2D
  /// A 1×1 convolution where the number of channels changes.
  var convShortcut: Convolution2D?

  init(_ inputs: Int, to outputs: Int, groups: Int, random: inout RandomStream) {
    norm1 = GroupNorm(groups: groups, channels: inputs, epsilon: 1e-6)
    conv1 = Convolution2D(inputs, to: outputs, random: &random)
    norm2 = GroupNorm(groups: groups, channels: outputs, epsilon: 1e-6)
    conv2 = Convolution2D(outputs, to: outputs, random: &random)
    convShortcut = inputs == outputs ? nil : Convolution2D(inputs, to: outputs, kernel: 1, random: &random)
  }

  package func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = conv2(silu(norm2(conv1(silu(norm1(input))))))
    return (convShortcut?(input) ?? input) + hidden
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm1", &norm1)
    visitor.child("conv1", &conv1)
    visitor.child("norm2", &norm2)
    visitor.child("conv2", &conv2)
    visitor.child("convShortcut", &convShortcut)
  }
}

/// Self-attention of all positions of an image with one head over all channels, added to its input.
package struct SpatialAttention: Layer {
  var groupNorm: GroupNorm
  var toQ: Linear
  var toK: Linear
  var toV: Linear
  var toOut: Linear

  init(_ channels: Int, groups: Int, random: inout RandomStream) {
    groupNorm = GroupNorm(groups: groups, channels: channels, epsilon: 1e-6)
    toQ = Linear(channels, to: channels, random: &random)
    toK = Linear(channels, to: channels, random: &random)
    toV = Linear(channels, to: channels, random: &random)
    toOut = Linear(channels, to: channels, random: &random)
  }

  package func callAsFunction(_ input: Tensor) -> Tensor {
    let (batch, channels) = (input.shape[0], input.shape[3])
    let positions = groupNorm(input).reshaped(to: [batch, 1, -1, channels])
    let mixed = toOut(attention(toQ(positions), toK(positions), toV(positions)))
    return input + mixed.reshaped(to: input.shape)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("groupNorm", &groupNorm)
    visitor.child("toQ", &toQ)
    visitor.child("toK", &toK)
    visitor.child("toV", &toV)
    // Published checkpoints keep the output layer in a list of one.
    visitor.enter("toOut")
    visitor.child("0", &toOut)
    visitor.leave()
  }
}

/// The innermost stage of encoder and decoder: a residual block, attention where it is wanted, a residual block.
struct MidBlock: Layer {
  /// Two blocks.
  var resnets: [ResidualBlock]
  var attention: SpatialAttention?

  init(_ channels: Int, groups: Int, attends: Bool, random: inout RandomStream) {
    resnets = (0..<2).map { _ in ResidualBlock(channels, to: channels, groups: groups, random: &random) }
    attention = attends ? SpatialAttention(channels, groups: groups, random: &random) : nil
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

/// One level of the encoder: residual blocks, then, except in the last level, a convolution that halves the size.
struct EncoderLevel: Layer {
  var resnets: [ResidualBlock]
  var downsampler: Convolution2D?

  init(_ inputs: Int, to outputs: Int, blocks: Int, groups: Int, halves: Bool, random: inout RandomStream) {
    resnets = (0..<blocks).map {
      ResidualBlock($0 == 0 ? inputs : outputs, to: outputs, groups: groups, random: &random)
    }
    // Zeros on the right and below only, as the published weights were trained.
    downsampler =
      halves
      ? Convolution2D(
        outputs, to: outputs, stride: 2, padding: .explicit(top: 0, bottom: 1, left: 0, right: 1), random: &random)
      : nil
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = resnets.reduce(input) { $1($0) }
    return downsampler?(hidden) ?? hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.enter("downsamplers")
    visitor.enter("0")
    visitor.child("conv", &downsampler)
    visitor.leave()
    visitor.leave()
  }
}

/// One level of the decoder: residual blocks, then, except in the last level, nearest-neighbour doubling and a convolution.
struct DecoderLevel: Layer {
  var resnets: [ResidualBlock]
  var upsampler: Convolution2D?

  init(_ inputs: Int, to outputs: Int, blocks: Int, groups: Int, doubles: Bool, random: inout RandomStream) {
    resnets = (0..<blocks).map {
      ResidualBlock($0 == 0 ? inputs : outputs, to: outputs, groups: groups, random: &random)
    }
    upsampler = doubles ? Convolution2D(outputs, to: outputs, random: &random) : nil
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = resnets.reduce(input) { $1($0) }
    return upsampler.map { $0(hidden.upsampledNearest(by: 2)) } ?? hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("resnets", &resnets)
    visitor.enter("upsamplers")
    visitor.enter("0")
    visitor.child("conv", &upsampler)
    visitor.leave()
    visitor.leave()
  }
}
