import Kernels
import Tensors

/// Softmax attention: `softmax(q·kᵀ/√d) · v`.
///
/// Queries are `[batch, heads, n, d]`, keys and values `[batch, heads, m, d]`; `mask`, when given, is added to the scores
/// and broadcasts to `[batch, heads, n, m]` (Vaswani et al. 2017, equation 1).
public func attention(_ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: Tensor? = nil) -> Tensor {
  let scale = 1 / Float(queries.shape[queries.rank - 1]).squareRoot()
  var scores = matmul(queries.scaled(by: scale), keys, transposeB: true)
  if let mask { scores = scores + mask }
  return matmul(scores.softmax(), values)
}

extension Tensor {
  /// `[batch, n, heads · d]` as `[batch, heads, n, d]`.
  public func splitIntoHeads(_ heads: Int) -> Tensor {
    reshaped(to: [shape[0], shape[1], heads, shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, n, d]` as `[batch, n, heads · d]`.
  public func mergedHeads() -> Tensor {
    permuted([0, 2, 1, 3]).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]])
  }
}

/// Attention with several heads over sequences `[batch, n, width]`: self-attention, or cross-attention when a context is
/// given.
public struct MultiHeadAttention: Module {
  public var toQuery: Linear
  public var toKey: Linear
  public var toValue: Linear
  public var toOutput: Linear
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
    let source = context ?? input
    return toOutput(
      scaledDotProductAttention(toQuery(input), toKey(source), toValue(source), heads: heads, mask: mask))
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("toQuery", &toQuery)
    visitor.child("toKey", &toKey)
    visitor.child("toValue", &toValue)
    visitor.child("toOutput", &toOutput)
  }
}
