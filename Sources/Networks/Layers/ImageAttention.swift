import LineupTensors

/// Self-attention over the pixels of images `[batch, height, width, channels]` at a cost that grows with the number of
/// pixels, not its square (Shen et al. 2021, "Efficient attention").
///
/// Queries are normalised over features, keys over pixels; keys and values then meet in one small matrix for each head.
package struct LinearImageAttention: Layer {
  package var project: ImageProjection
  /// From the values of all heads to the output.
  package var toOutput: Convolution2D
  /// Behind the output.
  package var normalize: GroupNorm

  /// Attention over the pixels of images of so many channels.
  package init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    project = ImageProjection(channels, heads: heads, headWidth: headWidth, random: &random)
    toOutput = Convolution2D(heads * headWidth, to: channels, kernel: 1, random: &random)
    normalize = GroupNorm(groups: 1, channels: channels)
  }

  /// `[batch, height, width, channels]` to the same shape.
  package func callAsFunction(_ input: Tensor) -> Tensor {
    let mixed = linearAttention(input.pixels, projectedBy: project.weight, heads: project.heads)
    return normalize(toOutput(mixed.images(like: input)))
  }

  /// Shows everything stored, each under its property's name.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("project", &project)
    visitor.child("toOutput", &toOutput)
    visitor.child("normalize", &normalize)
  }
}

/// Softmax self-attention over the pixels of images `[batch, height, width, channels]`.
package struct ImageAttention: Layer {
  package var project: ImageProjection
  /// From the values of all heads to the output.
  package var toOutput: Convolution2D

  /// Attention over the pixels of images of so many channels.
  package init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    project = ImageProjection(channels, heads: heads, headWidth: headWidth, random: &random)
    toOutput = Convolution2D(heads * headWidth, to: channels, kernel: 1, random: &random)
  }

  /// `[batch, height, width, channels]` to the same shape.
  package func callAsFunction(_ input: Tensor) -> Tensor {
    toOutput(selfAttention(project(input), heads: project.heads).images(like: input))
  }

  /// Shows everything stored, each under its property's name.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("project", &project)
    visitor.child("toOutput", &toOutput)
  }
}

/// Queries, keys and values of every pixel from one product without bias.
package struct ImageProjection: Module {
  /// `[channels, 3 · heads · headWidth]`: queries of all heads, then keys, then values.
  package var weight: Tensor
  package let heads: Int
  package let headWidth: Int

  package init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    weight = Linear(channels, to: 3 * heads * headWidth, bias: false, random: &random).weight
    self.heads = heads
    self.headWidth = headWidth
  }

  /// Queries, keys and values side by side, `[batch, pixels, 3 · heads · headWidth]`.
  package func callAsFunction(_ input: Tensor) -> Tensor {
    matmul(input.pixels, weight)
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("weight", &weight) }
}

extension Tensor {
  /// Images `[batch, height, width, channels]` as `[batch, height · width, channels]`.
  fileprivate var pixels: Tensor { reshaped(to: [shape[0], -1, shape[3]]) }

  /// Pixels `[batch, height · width, features]` as images of another tensor's height and width.
  fileprivate func images(like other: Tensor) -> Tensor {
    reshaped(to: [other.shape[0], other.shape[1], other.shape[2], shape[2]])
  }
}
