import COpenBLAS

/// One product of packed row-major matrices on the calling thread: C [m, n] = op(A) op(B), or added to C.
func gemm(
  m: Int, n: Int, k: Int, a: UnsafePointer<Float>, transposeA: Bool, b: UnsafePointer<Float>, transposeB: Bool,
  accumulate: Bool, c: UnsafeMutablePointer<Float>
) {
  guard m > 0, n > 0 else { return }
  _ = MatrixLibrary.isConfined
  cblas_sgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    blasint(m), blasint(n), blasint(k), 1, a, blasint(max(1, transposeA ? m : k)), b,
    blasint(max(1, transposeB ? k : n)),
    accumulate ? 1 : 0, c, blasint(n))
}

/// Writes `bias` [columns] into each of the rows of a matrix, so that a product can be added to it.
func fill(_ c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, with bias: UnsafePointer<Float>) {
  for row in 0..<rows { (c + row * columns).update(from: bias, count: columns) }
}

/// C [batch, m, n] = op(A) op(B), plus `bias` [n] in each row when given; all row-major.
///
/// - Parameters:
///   - a: [batch, m, k], or [batch, k, m] when `transposeA`.
///   - strideA: Floats from one matrix of `a` to the next; 0 shares one matrix among all products. Likewise `strideB`.
///   - b: [batch, k, n], or [batch, n, k] when `transposeB`.
///   - c: Overwritten; must not overlap the operands.
public func multiplyMatrices(
  batch: Int, m: Int, n: Int, k: Int, a: UnsafePointer<Float>, transposeA: Bool, strideA: Int, b: UnsafePointer<Float>,
  transposeB: Bool, strideB: Int, bias: UnsafePointer<Float>?, c: UnsafeMutablePointer<Float>, strideC: Int
) {
  ExecutedWork.add(multiplyAdds: batch * m * n * k)
  // Rows of one large product are cut into blocks of a constant height, so that threads share it.
  let blockRows = transposeA ? m : min(m, rowsPerTask)
  let blocks = m == 0 ? 0 : (m + blockRows - 1) / blockRows
  Threads.forEach(batch * blocks) { task in
    let index = task / blocks
    let row = task % blocks * blockRows
    let rows = min(blockRows, m - row)
    let result = c + index * strideC + row * n
    if let bias { fill(result, rows: rows, columns: n, with: bias) }
    gemm(
      m: rows, n: n, k: k, a: a + index * strideA + (transposeA ? 0 : row * k), transposeA: transposeA,
      b: b + index * strideB, transposeB: transposeB, accumulate: bias != nil, c: result)
  }
}

/// Rows of a product that one task computes: enough to amortise packing the right-hand matrix.
private let rowsPerTask = 512
