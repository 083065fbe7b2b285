import LineupKernels

/// Self-attention at a cost that grows with the number of pixels, not its square (Shen et al. 2021, "Efficient attention"):
/// for each head `softmax(q) · (softmax(k)ᵀ · v) / √d`, queries normalised over features, keys over pixels.
///
/// `input` is `[batch, pixels, channels]`; its products with `weight` `[channels, 3 · heads · d]` are the queries of all heads,
/// then keys, then values. The result is `[batch, pixels, heads · d]`.
public func linearAttention(_ input: Tensor, projectedBy weight: Tensor, heads: Int) -> Tensor {
  require(
    input.rank == 3 && weight.rank == 2 && weight.shape[0] == input.shape[2] && weight.shape[1] % (3 * heads) == 0,
    "linear attention with \(heads) heads cannot take an input and weights of shapes \(input.shape) and \(weight.shape)"
  )
  let width = weight.shape[1] / (3 * heads)
  guard width <= LinearAttentionGeometry.maximumWidth else {
    return composedLinearAttention(input, weight, heads: heads)
  }
  let geometry = LinearAttentionGeometry(
    batch: input.shape[0], pixels: input.shape[1], channels: input.shape[2], heads: heads, width: width)
  var statistics = Tensor(shape: [geometry.statisticsCount]) { _ in }
  let output = Tensor(shape: [geometry.batch, geometry.pixels, heads * width]) { out in
    guard !out.isEmpty else { return }
    statistics.withMutableValues { kept in
      attendLinearly(
        geometry, input: input.operand, weight: weight.operand, output: out.baseAddress!,
        statistics: kept.baseAddress!)
    }
  }
  let kept = statistics
  return .recorded(output, from: [input, weight], saving: .inputs) { c in
    guard !c.isRecorded else { return c.gradients { composedLinearAttention($0[0], $0[1], heads: heads) } }
    let gradients = c.inputs.map { Tensor(shape: $0.shape) { _ in } }
    attendLinearlyGradient(
      geometry, input: c.inputs[0].operand, weight: c.inputs[1].operand,
      statistics: kept.operand, outputGradient: c.gradient.operand,
      inputGradient: gradients[0].storage.pointer, weightGradient: gradients[1].storage.pointer)
    return gradients
  }
}

/// The same in differentiable operations.
private func composedLinearAttention(_ input: Tensor, _ weight: Tensor, heads: Int) -> Tensor {
  let parts = matmul(input, weight).split(into: 3, along: -1).map { $0.splitIntoHeads(heads) }
  let scale = 1 / Float(parts[0].shape[3]).squareRoot()
  let context = matmul(parts[1].transposed().softmax(), parts[2])
  return matmul(parts[0].softmax(), context.scaled(by: scale)).mergedHeads()
}
