import CKernels

/// How the middle axis of `[outer, middle, inner]` is folded.
public enum Reduction: Sendable { case sum, maximum }

/// `out[outer, inner]` = the fold of `input[outer, middle, inner]` over its middle axis. Long sums are carried in double.
public func reduce(
  _ reduction: Reduction, outer: Int, middle: Int, inner: Int, _ input: UnsafePointer<Float>,
  into out: UnsafeMutablePointer<Float>
) {
  switch reduction {
  case .sum: ck_sum_middle(outer, middle, inner, input, out)
  case .maximum: ck_max_middle(outer, middle, inner, input, out)
  }
}

/// The sum of the squares of `count` elements, in double precision.
public func sumOfSquares(count: Int, _ x: UnsafePointer<Float>) -> Double { ck_sum_of_squares(count, x) }

/// Softmax of each row of `count` elements.
public func softmax(rows: Int, count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
  ck_softmax(rows, count, x, y)
}

/// The softmax's input gradient `y · (g − Σ g·y)` from its output `y` and the incoming gradient `g`.
public func softmaxGradient(
  rows: Int, count: Int, output y: UnsafePointer<Float>, gradient g: UnsafePointer<Float>,
  into dx: UnsafeMutablePointer<Float>
) {
  ck_softmax_gradient(rows, count, y, g, dx)
}

/// `out[i] = table[rows[i]]` for rows of `width` elements.
public func gatherRows(
  _ rows: [Int32], width: Int, from table: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
) {
  ck_gather_rows(rows.count, width, rows, table, out)
}

/// `table[rows[i]] += input[i]`, in the order of `rows`.
public func scatterAddRows(
  _ rows: [Int32], width: Int, _ input: UnsafePointer<Float>, into table: UnsafeMutablePointer<Float>
) {
  ck_scatter_add_rows(rows.count, width, rows, input, table)
}
