import CLineupKernels

/// A matrix of floats somewhere in memory: element (i, j) is at `start[i * rowStride + j * columnStride]`.
struct MatrixView {
  var start: UnsafePointer<Float>
  var rowStride: Int
  var columnStride = 1

  /// A packed row-major matrix with `columns` columns.
  init(_ start: UnsafePointer<Float>, columns: Int) {
    self.start = start
    rowStride = columns
  }

  /// The same memory read with rows and columns exchanged.
  var transposed: Self {
    var view = self
    (view.rowStride, view.columnStride) = (columnStride, rowStride)
    return view
  }

  func dropping(rows: Int) -> Self { dropping(floats: rows * rowStride) }

  func dropping(floats: Int) -> Self {
    var view = self
    view.start += floats
    return view
  }
}

/// What the sums of a product begin with.
enum ProductStart {
  case zero
  /// What C holds already.
  case result
  /// One value for each column.
  case bias(UnsafePointer<Float>)

  init(bias: UnsafePointer<Float>?) {
    if let bias { self = .bias(bias) } else { self = .zero }
  }

  func dropping(columns: Int) -> Self {
    if case .bias(let values) = self { .bias(values + columns) } else { self }
  }
}

/// C [m, n] = start + A [m, k] · B [k, n] on the calling thread; the rows of C are `rowStride` floats apart, or `n`.
func multiply(
  m: Int, n: Int, k: Int, _ a: MatrixView, _ b: MatrixView, from start: ProductStart = .zero,
  into c: UnsafeMutablePointer<Float>, rowStride: Int? = nil
) {
  var bias: UnsafePointer<Float>?
  var accumulates: Int32 = 0
  switch start {
  case .zero: break
  case .result: accumulates = 1
  case .bias(let values): bias = values
  }
  ck_multiply(
    m, n, k, a.start, a.rowStride, a.columnStride, b.start, b.rowStride, b.columnStride, bias, accumulates, c,
    rowStride ?? n)
}

/// C [batch, m, n] = op(A) op(B), plus `bias` [n] in each row when given; all row-major.
///
/// - Parameters:
///   - a: [batch, m, k], or [batch, k, m] when `transposeA`.
///   - strideA: Floats from one matrix of `a` to the next; 0 shares one matrix among all products. Likewise `strideB`.
///   - b: [batch, k, n], or [batch, n, k] when `transposeB`.
///   - c: Overwritten; must not overlap the operands.
package func multiplyMatrices(
  batch: Int, m: Int, n: Int, k: Int, a: UnsafePointer<Float>, transposeA: Bool, strideA: Int, b: UnsafePointer<Float>,
  transposeB: Bool, strideB: Int, bias: UnsafePointer<Float>?, c: UnsafeMutablePointer<Float>, strideC: Int
) {
  ExecutedWork.add(multiplyAdds: batch * m * n * k)
  let left = transposeA ? MatrixView(a, columns: m).transposed : MatrixView(a, columns: k)
  let right = transposeB ? MatrixView(b, columns: k).transposed : MatrixView(b, columns: n)
  let start = ProductStart(bias: bias)
  guard batch > 0, m > 0, n > 0 else { return }
  if batch == 1 { return multiplyShared(m: m, n: n, k: k, left, right, from: start, into: c) }
  let rows = rowsOfTask(rowsOfAll: batch * m)
  let blocks = (m + rows - 1) / rows
  Threads.forEach(batch * blocks) { task in
    let (index, row) = (task / blocks, task % blocks * rows)
    multiply(
      m: min(rows, m - row), n: n, k: k, left.dropping(rows: row).dropping(floats: index * strideA),
      right.dropping(floats: index * strideB), from: start, into: c + index * strideC + row * n)
  }
}

/// C [m, n] = start + A [m, k] · B [k, n] of at least one row and column, shared among threads; no sum depends on how.
func multiplyShared(
  m: Int, n: Int, k: Int, _ a: MatrixView, _ b: MatrixView, from start: ProductStart = .zero,
  into c: UnsafeMutablePointer<Float>
) {
  if case .zero = start, a.columnStride == 1, b.columnStride != 1, turnedRows.contains(m), n >= 2 * m {
    return multiplyTurned(m: m, n: n, k: k, a, b, into: c)
  }
  let rows = evenly(m, by: rowsOfTask(rowsOfAll: m))
  let blocks = (m + rows - 1) / rows
  let columns = columnsOfTask(blocks: blocks, rows: min(rows, m), n: n, k: k)
  let strips = (n + columns - 1) / columns
  Threads.forEach(blocks * strips) { task in
    let (row, column) = (task / strips * rows, task % strips * columns)
    multiply(
      m: min(rows, m - row), n: min(columns, n - column), k: k, a.dropping(rows: row),
      b.dropping(floats: column * b.columnStride), from: start.dropping(columns: column), into: c + row * n + column,
      rowStride: n)
  }
}

/// Rows of a product that one task computes: enough to amortise packing a transposed right-hand matrix, few enough that
/// a quarter of a second-level cache holds their part of the left-hand one; fewer where that would leave threads idle.
private func rowsOfTask(rowsOfAll rows: Int) -> Int {
  rows >= 2048 ? 256 : max(128, min(256, rows / 8 / 8 * 8))
}

/// Rows of a task, about `rows`, that leave all threads as much to do: 160 rows by 128 would be 128 and 32.
private func evenly(_ all: Int, by rows: Int) -> Int {
  let (step, threads) = (8, Threads.count)
  let least = (all + rows - 1) / rows
  let blocks = least < threads ? least : (least + threads - 1) / threads * threads
  return ((all + blocks - 1) / blocks + step - 1) / step * step
}

/// Columns of a product that one task computes: all, unless there are fewer blocks of rows than threads; then about equal
/// parts, each at least a panel of three vectors wide and enough work to be worth waking a thread for. More parts than
/// threads would visit the rows of B, each a page of memory often, more than once (64×1024 with an inner dimension of 6272:
/// 75 GFLOP/s in eight parts, 96 in one or two).
private func columnsOfTask(blocks: Int, rows: Int, n: Int, k: Int) -> Int {
  let (vector, panel, leastMultiplyAdds) = (16, 48, 1 << 18)
  let wanted = (Threads.count + blocks - 1) / blocks
  let strips = max(1, min(wanted, (n + panel - 1) / panel, rows * n * k / leastMultiplyAdds))
  return ((n + strips - 1) / strips + vector - 1) / vector * vector
}

/// Numbers of rows of A for which Cᵀ = B · Aᵀ is faster than turning the rows of a large B for a few of A (64 rows: 82 to 88
/// GFLOP/s before, 98 to 101 so).
private let turnedRows = 8...128

/// C [m, n] = A [m, k] · B [n, k]ᵀ by way of Cᵀ, with the same sums.
private func multiplyTurned(
  m: Int, n: Int, k: Int, _ a: MatrixView, _ b: MatrixView, into c: UnsafeMutablePointer<Float>
) {
  let rows = max(64, min(256, n / 8 / 8 * 8))
  Threads.forEach((n + rows - 1) / rows) { task in
    let first = task * rows
    let count = min(rows, n - first)
    let turned = Scratch.floats(rows * m, for: .turnedProduct)
    multiply(m: count, n: m, k: k, b.transposed.dropping(rows: first), a.transposed, into: turned)
    ck_transpose(turned, m, count, m, c + first, n)
  }
}
