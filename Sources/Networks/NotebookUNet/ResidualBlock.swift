import LineupTensors

/// Weight-standardised convolution, group norm, modulation by the noise level, SiLU.
struct ConvolutionBlock: Module {
  var convolve: WeightStandardizedConvolution2D
  var normalize: GroupNorm

  init(_ inputs: Int, to outputs: Int, groups: Int, random: inout RandomStream) {
    convolve = WeightStandardizedConvolution2D(inputs, to: outputs, random: &random)
    normalize = GroupNorm(groups: groups, channels: outputs)
  }

  /// `modulation` is a factor less one and an offset, each `[batch, outputs]`.
  func callAsFunction(_ input: Tensor, modulation: (factor: Tensor, offset: Tensor)? = nil) -> Tensor {
    normalize.activated(convolve(input), modulation: modulation)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convolve", &convolve)
    visitor.child("normalize", &normalize)
  }
}

/// Two convolution blocks, the first modulated by the noise level, around which the input passes unchanged or, where the
/// width changes, through a 1×1 convolution.
struct ResidualBlock: Module {
  var modulate: Linear
  var first: ConvolutionBlock
  var second: ConvolutionBlock
  var shortcut: Convolution2D?

  init(_ inputs: Int, to outputs: Int, embedding: Int, groups: Int, random: inout RandomStream) {
    modulate = Linear(embedding, to: 2 * outputs, random: &random)
    first = ConvolutionBlock(inputs, to: outputs, groups: groups, random: &random)
    second = ConvolutionBlock(outputs, to: outputs, groups: groups, random: &random)
    shortcut = inputs == outputs ? nil : Convolution2D(inputs, to: outputs, kernel: 1, random: &random)
  }

  /// `activeEmbedding` is the SiLU of the time embedding, `[batch, embedding]`, which all blocks share.
  func callAsFunction(_ input: Tensor, activeEmbedding: Tensor) -> Tensor {
    let modulation = modulate(activeEmbedding).split(into: 2, along: -1)
    let hidden = second(first(input, modulation: (modulation[0], modulation[1])))
    return (shortcut?(input) ?? input) + hidden
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("modulate", &modulate)
    visitor.child("first", &first)
    visitor.child("second", &second)
    visitor.child("shortcut", &shortcut)
  }
}

/// `x + attention(norm(x))`.
struct ResidualAttention<Attention: Layer>: Layer {
  var normalize: GroupNorm
  var attend: Attention

  init(_ channels: Int, _ attend: Attention) {
    normalize = GroupNorm(groups: 1, channels: channels)
    self.attend = attend
  }

  func callAsFunction(_ input: Tensor) -> Tensor { input + attend(normalize(input)) }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("normalize", &normalize)
    visitor.child("attend", &attend)
  }
}

/// The embedding of a timestep: sines and cosines through a small perceptron.
struct TimeEmbedding: Module {
  let width: Int
  var first: Linear
  var second: Linear

  /// Sinusoids of `width` numbers become embeddings of `4 · width`.
  init(width: Int, random: inout RandomStream) {
    self.width = width
    first = Linear(width, to: 4 * width, random: &random)
    second = Linear(4 * width, to: 4 * width, random: &random)
  }

  /// `[timesteps.count, 4 · width]`.
  func callAsFunction(_ timesteps: [Float]) -> Tensor {
    second(gelu(first(sinusoidalEmbedding(timesteps, width: width, order: .sineFirst, shift: 1))))
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("first", &first)
    visitor.child("second", &second)
  }
}
