import LineupKernels
import LineupTensors

/// Attention with several heads over sequences `[batch, n, width]`: self-attention, or cross-attention when a context is
/// given.
public struct MultiHeadAttention: Module {
  /// From the input to the queries of all heads.
  public var toQuery: Linear
  /// From the context to the keys of all heads.
  public var toKey: Linear
  /// From the context to the values of all heads.
  public var toValue: Linear
  /// From the values of all heads to the output.
  public var toOutput: Linear
  /// The number of heads.
  public let heads: Int

  /// `inner` is the width of all heads together (default: the input's); `biased` gives queries, keys and values a bias.
  public init(
    width: Int, context: Int? = nil, heads: Int, inner: Int? = nil, biased: Bool = false,
    random: inout RandomStream
  ) {
    let inner = inner ?? width
    require(inner % heads == 0, "an attention of width \(inner) does not divide into \(heads) heads")
    toQuery = Linear(width, to: inner, bias: biased, random: &random)
    toKey = Linear(context ?? width, to: inner, bias: biased, random: &random)
    toValue = Linear(context ?? width, to: inner, bias: biased, random: &random)
    toOutput = Linear(inner, to: width, random: &random)
    self.heads = heads
  }

  /// `input` is `[batch, n, width]`, `context` `[batch, m, its width]`.
  public func callAsFunction(_ input: Tensor, context: Tensor? = nil, mask: AttentionMask = .none) -> Tensor {
    guard let context else { return toOutput(selfAttention(projection(of: input), heads: heads, mask: mask)) }
    return toOutput(
      scaledDotProductAttention(toQuery(input), toKey(context), toValue(context), heads: heads, mask: mask))
  }

  /// Queries, keys and values side by side by one product, which reads the input once, and on the way back writes its
  /// gradient once.
  private func projection(of input: Tensor) -> Tensor {
    let layers = [toQuery, toKey, toValue]
    let weight = concatenated(layers.map(\.weight), along: 1)
    let biases = layers.compactMap(\.bias)
    return biases.isEmpty ? matmul(input, weight) : affine(input, weight, bias: concatenated(biases, along: 0))
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("toQuery", &toQuery)
    visitor.child("toKey", &toKey)
    visitor.child("toValue", &toValue)
    visitor.child("toOutput", &toOutput)
  }
}
