import LineupKernels

/// Which keys a query of softmax attention sees.
public enum AttentionMask: Sendable {
  case none
  /// Its own position and those before it.
  case causal
}

/// Softmax attention with several heads, `softmax(q·kᵀ/√d) · v` for each of them (Vaswani et al. 2017, equation 1).
///
/// Queries are `[batch, n, heads · d]`, keys and values `[batch, m, heads · d]`, the result is as the queries are. Neither the
/// way forward nor the way back holds `n · m` numbers, unless derivatives of derivatives are taken.
public func scaledDotProductAttention(
  _ queries: Tensor, _ keys: Tensor, _ values: Tensor, heads: Int, mask: AttentionMask = .none
) -> Tensor {
  require(
    queries.rank == 3 && keys.rank == 3 && keys.shape == values.shape && queries.shape[0] == keys.shape[0]
      && queries.shape[2] == keys.shape[2] && queries.shape[2] % heads == 0,
    "attention with \(heads) heads cannot take queries, keys and values of shapes \(queries.shape), \(keys.shape) and "
      + "\(values.shape)")
  let geometry = AttentionGeometry(
    batch: queries.shape[0], heads: heads, queries: queries.shape[1], keys: keys.shape[1],
    width: queries.shape[2] / heads, isCausal: mask == .causal)
  return attended(geometry, [queries, keys, values])
}

/// Softmax self-attention whose queries, keys and values lie side by side, `[batch, n, 3 · heads · d]`, as one product makes
/// them; the result is `[batch, n, heads · d]`.
public func selfAttention(_ projection: Tensor, heads: Int, mask: AttentionMask = .none) -> Tensor {
  require(
    projection.rank == 3 && projection.shape[2] % (3 * heads) == 0,
    "self-attention with \(heads) heads cannot take a projection of shape \(projection.shape)")
  let geometry = AttentionGeometry(
    batch: projection.shape[0], heads: heads, queries: projection.shape[1], keys: projection.shape[1],
    width: projection.shape[2] / (3 * heads), rowStride: projection.shape[2], isCausal: mask == .causal)
  return attended(geometry, [projection])
}

/// `inputs` are queries, keys and values, or all three side by side.
private func attended(_ g: AttentionGeometry, _ inputs: [Tensor]) -> Tensor {
  var statistics = Tensor(shape: [g.statisticsCount]) { _ in }
  let output = Tensor(shape: [g.batch, g.queries, g.heads * g.width]) { out in
    guard !out.isEmpty else { return }
    statistics.withMutableValues { kept in
      attend(
        g, operands(inputs.map(\.operand), of: g), output: out.baseAddress!,
        statistics: kept.baseAddress!)
    }
  }
  let kept = statistics
  return .recorded(output, from: inputs, saving: [.inputs, .output]) { c in
    c.isRecorded ? c.gradients { composedAttention($0, g) } : fusedGradients(c, g, statistics: kept)
  }
}

/// Where queries, keys and values begin in one buffer or three.
private func operands<Pointer: Strideable>(_ buffers: [Pointer], of g: AttentionGeometry) -> AttentionOperands<Pointer>
where Pointer.Stride == Int {
  guard buffers.count == 1 else {
    return AttentionOperands(queries: buffers[0], keys: buffers[1], values: buffers[2])
  }
  let width = g.heads * g.width
  return AttentionOperands(
    queries: buffers[0], keys: buffers[0].advanced(by: width), values: buffers[0].advanced(by: 2 * width))
}

private func fusedGradients(_ c: PullbackContext, _ g: AttentionGeometry, statistics: Tensor) -> [Tensor?] {
  let gradients = c.inputs.map { Tensor(shape: $0.shape) { _ in } }
  guard c.output.count > 0 else { return c.inputs.map { .zeros($0.shape) } }
  attendGradient(
    g, operands(c.inputs.map(\.operand), of: g), output: c.output.operand,
    statistics: statistics.operand, outputGradient: c.gradient.operand,
    gradients: operands(gradients.map(\.storage.pointer), of: g))
  // Two products make the scores' gradient, one each the others; like any product they count where they are needed.
  let needed = c.needed.count == 1 ? [true, true, true] : c.needed
  let scores = needed[0] || needed[1] ? 1 : 0
  ExecutedWork.add(multiplyAdds: (scores + needed.count { $0 }) * g.multiplyAdds)
  return gradients
}

/// The same in differentiable operations, with all weights at once, for derivatives of derivatives.
private func composedAttention(_ inputs: [Tensor], _ g: AttentionGeometry) -> Tensor {
  let parts = inputs.count == 1 ? inputs[0].split(into: 3, along: -1) : inputs
  let heads = parts.map { $0.splitIntoHeads(g.heads) }
  var scores = matmul(heads[0].scaled(by: 1 / Float(g.width).squareRoot()), heads[1], transposeB: true)
  if g.isCausal { scores = scores + causalMask(queries: g.queries, keys: g.keys) }
  return matmul(scores.softmax(), heads[2]).mergedHeads()
}

/// Scores that forbid looking ahead: 0 where query `i` may see key `j ≤ i`, −10⁹ elsewhere.
private func causalMask(queries: Int, keys: Int) -> Tensor {
  Tensor((0..<queries).flatMap { i in (0..<keys).map { $0 <= i ? 0 : -1e9 } }, shape: [queries, keys])
}

extension Tensor {
  /// `[batch, n, heads · d]` as `[batch, heads, n, d]`.
  func splitIntoHeads(_ heads: Int) -> Tensor {
    reshaped(to: [shape[0], shape[1], heads, shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, n, d]` as `[batch, n, heads · d]`.
  func mergedHeads() -> Tensor {
    permuted([0, 2, 1, 3]).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]])
  }
}
