import Kernels

/// Self-attention at a cost that grows with the number of pixels, not its square (Shen et al. 2021, "Efficient attention"):
/// for each head `softmax(q) · (softmax(k)ᵀ · v) / √d`, queries normalised over features, keys over pixels.
///
/// `projection` holds queries, keys and values side by side, `[batch, pixels, 3 · heads · d]`, as one product makes them; the
/// result is `[batch, pixels, heads · d]`.
public func linearAttention(_ projection: Tensor, heads: Int) -> Tensor {
  require(
    projection.rank == 3 && projection.shape[2] % (3 * heads) == 0,
    "linear attention with \(heads) heads cannot take a projection of shape \(projection.shape)")
  let width = projection.shape[2] / (3 * heads)
  guard width <= LinearAttentionGeometry.maximumWidth else { return composedLinearAttention(projection, heads: heads) }
  let geometry = LinearAttentionGeometry(
    batch: projection.shape[0], pixels: projection.shape[1], heads: heads, width: width)
  var statistics = Tensor(shape: [geometry.statisticsCount]) { _ in }
  let output = Tensor(shape: [geometry.batch, geometry.pixels, heads * width]) { out in
    guard !out.isEmpty else { return }
    statistics.withMutableValues { kept in
      attendLinearly(
        geometry, projection.storage.pointer, output: out.baseAddress!, statistics: kept.baseAddress!)
    }
  }
  let kept = statistics
  return .recorded(output, from: [projection], saving: .inputs) { c in
    guard !c.isRecorded else { return c.gradients { composedLinearAttention($0[0], heads: heads) } }
    return [
      Tensor(shape: c.inputs[0].shape) { out in
        guard !out.isEmpty else { return }
        attendLinearlyGradient(
          geometry, c.inputs[0].storage.pointer, statistics: kept.storage.pointer,
          outputGradient: c.gradient.storage.pointer, gradient: out.baseAddress!)
      }
    ]
  }
}

/// The same in differentiable operations.
private func composedLinearAttention(_ projection: Tensor, heads: Int) -> Tensor {
  let parts = projection.split(into: 3, along: -1).map { $0.splitIntoHeads(heads) }
  let scale = 1 / Float(parts[0].shape[3]).squareRoot()
  let context = matmul(parts[1].transposed().softmax(), parts[2])
  return matmul(parts[0].softmax(), context.scaled(by: scale)).mergedHeads()
}
