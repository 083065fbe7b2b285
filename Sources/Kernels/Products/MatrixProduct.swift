import CKernels

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

  func dropping(rows: Int) -> Self {
    var view = self
    view.start += rows * rowStride
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
public func multiplyMatrices(
  batch: Int, m: Int, n: Int, k: Int, a: UnsafePointer<Float>, transposeA: Bool, strideA: Int, b: UnsafePointer<Float>,
  transposeB: Bool, strideB: Int, bias: UnsafePointer<Float>?, c: UnsafeMutablePointer<Float>, strideC: Int
) {
  ExecutedWork.add(multiplyAdds: batch * m * n * k)
  guard batch > 0, m > 0, n > 0 else { return }
  let rows = rowsOfTask(m: m, batch: batch)
  let blocks = (m + rows - 1) / rows
  let columns = columnsOfTask(tasksOfRows: batch * blocks, rows: min(rows, m), n: n, k: k)
  let strips = (n + columns - 1) / columns
  Threads.forEach(batch * blocks * strips) { task in
    let index = task / (blocks * strips)
    let row = task / strips % blocks * rows
    let column = task % strips * columns
    let left = transposeA ? MatrixView(a, columns: m).transposed : MatrixView(a, columns: k)
    let right = transposeB ? MatrixView(b, columns: k).transposed : MatrixView(b, columns: n)
    var (leftPart, rightPart) = (left.dropping(rows: row), right)
    leftPart.start += index * strideA
    rightPart.start += index * strideB + column * right.columnStride
    multiply(
      m: min(rows, m - row), n: min(columns, n - column), k: k, leftPart, rightPart,
      from: ProductStart(bias: bias.map { $0 + column }), into: c + index * strideC + row * n + column, rowStride: n)
  }
}

/// Rows of a product that one task computes: enough to amortise packing a transposed right-hand matrix, few enough that
/// a quarter of a second-level cache holds their part of the left-hand one; fewer where that would leave threads idle.
private func rowsOfTask(m: Int, batch: Int) -> Int {
  batch * m >= 2048 ? 256 : max(128, min(256, batch * m / 8 / 8 * 8))
}

/// Columns of a product that one task computes: all, unless there are few rows; then about equal parts, each at least a
/// panel of three vectors wide and enough work to be worth waking a thread for. A matter of shape alone, and no sum depends
/// on it.
private func columnsOfTask(tasksOfRows: Int, rows: Int, n: Int, k: Int) -> Int {
  let (vector, panel, wantedTasks, leastMultiplyAdds) = (16, 48, 8, 1 << 18)
  let strips = max(1, min(wantedTasks / tasksOfRows, (n + panel - 1) / panel, rows * n * k / leastMultiplyAdds))
  return ((n + strips - 1) / strips + vector - 1) / vector * vector
}
