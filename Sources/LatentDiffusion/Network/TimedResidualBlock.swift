import Layers
import Tensors

/// The residual block of the conditional U-Net: two convolutions, and between them the noise level, added to each channel.
struct TimedResidualBlock: Module {
  var norm1: GroupNorm
  var conv1: Convolution2D
  var timeProjection: Linear
  var norm2: GroupNorm
  var conv2: Convolution2D
  var shortcut: Convolution2D?

  init(_ inputs: Int, to outputs: Int, _ configuration: ConditionalUNet.Configuration, random: inout RandomStream) {
    let (groups, epsilon) = (configuration.groups, configuration.normEpsilon)
    norm1 = GroupNorm(groups: groups, channels: inputs, epsilon: epsilon)
    conv1 = Convolution2D(inputs, to: outputs, random: &random)
    timeProjection = Linear(configuration.timeWidth, to: outputs, random: &random)
    norm2 = GroupNorm(groups: groups, channels: outputs, epsilon: epsilon)
    // Zero, so that at first the block is its shortcut, as in the code of Rombach et al. 2022.
    conv2 = Convolution2D(outputs, to: outputs, initializer: .zeros, random: &random)
    shortcut = inputs == outputs ? nil : Convolution2D(inputs, to: outputs, kernel: 1, random: &random)
  }

  /// `input` is `[batch, height, width, inputs]`; `time`, already passed through SiLU, is `[batch, timeWidth]`.
  func callAsFunction(_ input: Tensor, time: Tensor) -> Tensor {
    let shift = timeProjection(time)
    var hidden = conv1(silu(norm1(input)))
    hidden = hidden + shift.reshaped(to: [shift.shape[0], 1, 1, shift.shape[1]])
    hidden = conv2(silu(norm2(hidden)))
    return (shortcut?(input) ?? input) + hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("norm1", &norm1)
    visitor.child("conv1", &conv1)
    visitor.child("timeEmbProj", &timeProjection)
    visitor.child("norm2", &norm2)
    visitor.child("conv2", &conv2)
    visitor.child("convShortcut", &shortcut)
  }
}
