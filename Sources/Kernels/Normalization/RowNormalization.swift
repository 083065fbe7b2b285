import CLineupKernels

/// Rows that one task normalises: a constant, because the gradients of gamma and beta are sums over them.
private let rowsPerTask = 64

/// `y = (x − mean) · rstd · gamma + beta` for each row of `count` numbers; also gives `mean` and `rstd`, each `[rows]`.
package func normalizeRows(
  rows: Int, count: Int, epsilon: Float, _ x: UnsafePointer<Float>, gamma: UnsafePointer<Float>,
  beta: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
  rstd: UnsafeMutablePointer<Float>
) {
  Threads.forEachRange(rows, grain: rowsPerTask) { range in
    let first = range.lowerBound
    ck_normalize_rows(
      range.count, count, epsilon, x + first * count, gamma, beta, y + first * count, mean + first, rstd + first)
  }
}

/// The gradients of `normalizeRows`; those of gamma and beta are `[count]`. `earlier`, `[rows, count]`, is added to that of x.
package func normalizeRowsGradient(
  rows: Int, count: Int, _ x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  rstd: UnsafePointer<Float>, gradient dy: UnsafePointer<Float>, adding earlier: UnsafePointer<Float>?,
  into dx: UnsafeMutablePointer<Float>, gamma dgamma: UnsafeMutablePointer<Float>,
  beta dbeta: UnsafeMutablePointer<Float>
) {
  let tasks = (rows + rowsPerTask - 1) / rowsPerTask
  let sums = Scratch.floats(max(1, tasks) * 2 * count, for: .partialSums)
  Threads.forEachRange(rows, grain: rowsPerTask) { range in
    let first = range.lowerBound
    let own = sums + first / rowsPerTask * 2 * count
    ck_normalize_rows_gradient(
      range.count, count, x + first * count, gamma, mean + first, rstd + first, dy + first * count,
      earlier.map { $0 + first * count }, dx + first * count, own, own + count)
  }
  ck_sum_middle(1, tasks, count, 2 * count, sums, dgamma, count)
  ck_sum_middle(1, tasks, count, 2 * count, sums + count, dbeta, count)
}
