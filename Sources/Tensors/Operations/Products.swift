import LineupKernels

/// The product of matrices over the last two axes.
///
/// `a` is `[…, m, k]` (or `[…, k, m]` when transposed), `b` is `[…, k, n]` (or `[…, n, k]`). Leading axes must be equal, or
/// `b` has none and is shared by all of `a`'s matrices.
public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor {
  require(
    a.rank >= 2 && b.rank >= 2, "a matrix product needs two axes or more, not shapes \(a.shape) and \(b.shape)")
  if b.rank == 2, a.rank > 2, !transposeA {
    // One matrix for all rows: a single large product is faster than many small ones.
    let rows = a.reshaped(to: [-1, a.shape[a.rank - 1]])
    let product = matmul(rows, b, transposeB: transposeB)
    return product.reshaped(to: a.shape.dropLast() + [product.shape[1]])
  }
  let output = multiplied(a, b, transposeA, transposeB, bias: nil)
  return .recorded(output, from: [a, b], saving: .inputs) { c in productGradients(c, transposeA, transposeB) }
}

/// `a · b + bias` for rows `a` of shape `[…, k]`, a matrix `b` of shape `[k, n]` and a bias of shape `[n]`.
public func affine(_ a: Tensor, _ b: Tensor, bias: Tensor) -> Tensor {
  require(
    b.rank == 2 && bias.shape == [b.shape[1]], "a bias of shape \(bias.shape) does not fit weights of shape \(b.shape)")
  let rows = a.reshaped(to: [-1, a.shape[a.rank - 1]])
  let output = multiplied(rows, b, false, false, bias: bias)
  let recorded = Tensor.recorded(output, from: [rows, b, bias], saving: .inputs) { c in
    productGradients(c, false, false) + [c.needed[2] ? c.gradient.sum(overAxes: [0]) : nil]
  }
  return recorded.reshaped(to: a.shape.dropLast() + [b.shape[1]])
}

/// The gradients of `op(a) · op(b)`, which are products again, so that every order of derivative exists.
private func productGradients(_ c: PullbackContext, _ transposeA: Bool, _ transposeB: Bool) -> [Tensor?] {
  let a = c.inputs[0]
  let b = c.inputs[1]
  let g = c.gradient
  let forA: Tensor? =
    !c.needed[0]
    ? nil
    : transposeA
      ? matmul(b, g, transposeA: transposeB, transposeB: true) : matmul(g, b, transposeB: !transposeB)
  let forB: Tensor? =
    !c.needed[1]
    ? nil
    : transposeB
      ? matmul(g, a, transposeA: true, transposeB: transposeA) : matmul(a, g, transposeA: !transposeA)
  return [forA, forB]
}

private func multiplied(
  _ a: Tensor, _ b: Tensor, _ transposeA: Bool, _ transposeB: Bool, bias: Tensor?
) -> Tensor {
  let lead = Array(a.shape.dropLast(2))
  let m = a.shape[a.rank - (transposeA ? 1 : 2)]
  let k = a.shape[a.rank - (transposeA ? 2 : 1)]
  let n = b.shape[b.rank - (transposeB ? 2 : 1)]
  require(
    k == b.shape[b.rank - (transposeB ? 1 : 2)] && (lead == Array(b.shape.dropLast(2))),
    "cannot multiply matrices of shapes \(a.shape)\(transposeA ? "ᵀ" : "") and \(b.shape)\(transposeB ? "ᵀ" : "")")
  return Tensor(shape: lead + [m, n]) { out in
    guard !out.isEmpty else { return }
    a.withValues { left in
      b.withValues { right in
        multiplyMatrices(
          batch: lead.reduce(1, *), m: m, n: n, k: k, a: left.baseAddress!, transposeA: transposeA, strideA: m * k,
          b: right.baseAddress!, transposeB: transposeB, strideB: k * n, bias: bias?.operand,
          c: out.baseAddress!, strideC: m * n)
      }
    }
  }
}
