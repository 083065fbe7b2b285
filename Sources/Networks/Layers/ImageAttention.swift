import LineupTensors

/// Self-attention over the pixels of images `[batch, height, width, channels]` at a cost that grows with the number of
/// pixels, not its square (Shen et al. 2021, "Efficient attention").
///
/// Queries are normalised over features, keys over pixels; keys and values then meet in one small matrix for each head.
public struct LinearImageAttention: Layer {
  public var project: ImageProjection
  public var toOutput: Convolution2D
  public var normalize: GroupNorm

  public init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    project = ImageProjection(channels, heads: heads, headWidth: headWidth, random: &random)
    toOutput = Convolution2D(heads * headWidth, to: channels, kernel: 1, random: &random)
    normalize = GroupNorm(groups: 1, channels: channels)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    let mixed = linearAttention(input.pixels, projectedBy: project.weight, heads: project.heads)
    return normalize(toOutput(mixed.images(like: input)))
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("project", &project)
    visitor.child("toOutput", &toOutput)
    visitor.child("normalize", &normalize)
  }
}

/// Softmax self-attention over the pixels of images `[batch, height, width, channels]`.
public struct ImageAttention: Layer {
  public var project: ImageProjection
  public var toOutput: Convolution2D

  public init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    project = ImageProjection(channels, heads: heads, headWidth: headWidth, random: &random)
    toOutput = Convolution2D(heads * headWidth, to: channels, kernel: 1, random: &random)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    toOutput(selfAttention(project(input), heads: project.heads).images(like: input))
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("project", &project)
    visitor.child("toOutput", &toOutput)
  }
}

/// Queries, keys and values of every pixel from one product without bias.
public struct ImageProjection: Module {
  /// `[channels, 3 · heads · headWidth]`: queries of all heads, then keys, then values.
  public var weight: Tensor
  public let heads: Int
  public let headWidth: Int

  public init(_ channels: Int, heads: Int, headWidth: Int, random: inout RandomStream) {
    weight = Linear(channels, to: 3 * heads * headWidth, bias: false, random: &random).weight
    self.heads = heads
    self.headWidth = headWidth
  }

  /// Queries, keys and values side by side, `[batch, pixels, 3 · heads · headWidth]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    matmul(input.pixels, weight)
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("weight", &weight) }
}

extension Tensor {
  /// Images `[batch, height, width, channels]` as `[batch, height · width, channels]`.
  fileprivate var pixels: Tensor { reshaped(to: [shape[0], -1, shape[3]]) }

  /// Pixels `[batch, height · width, features]` as images of another tensor's height and width.
  fileprivate func images(like other: Tensor) -> Tensor {
    reshaped(to: [other.shape[0], other.shape[1], other.shape[2], shape[2]])
  }
}
