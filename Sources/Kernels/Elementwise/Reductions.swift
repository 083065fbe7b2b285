import CLineupKernels

/// How the middle axis of `[outer, middle, inner]` is folded.
package enum Reduction: Sendable { case sum, maximum }

/// `out[outer, inner]` = the fold of `input[outer, middle, inner]` over its middle axis. Long sums are carried in double.
package func reduce(
  _ reduction: Reduction, outer: Int, middle: Int, inner: Int, _ input: UnsafePointer<Float>,
  into out: UnsafeMutablePointer<Float>
) {
  switch reduction {
  case .sum where outer == 1 && inner <= 1024: sumRows(middle, inner, input, into: out)
  case .sum where outer == 1:
    Threads.forEachRange(inner, grain: 1024) { columns in
      let first = columns.lowerBound
      ck_sum_middle(1, middle, columns.count, inner, input + first, out + first, inner)
    }
  case .sum:
    Threads.forEachRange(outer, grain: max(1, loopGrain / (middle * inner))) { range in
      let first = range.lowerBound
      ck_sum_middle(range.count, middle, inner, inner, input + first * middle * inner, out + first * inner, inner)
    }
  case .maximum: ck_max_middle(outer, middle, inner, input, out)
  }
}

/// Sums of columns, in blocks of rows whose sums are then added in order.
private func sumRows(_ rows: Int, _ n: Int, _ input: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
  let block = max(1, loopGrain / n)
  let blocks = (rows + block - 1) / block
  let sums = Scratch.doubles(max(1, blocks) * n, for: .moments)
  Threads.forEachRange(rows, grain: block) { range in
    ck_sum_rows(range.count, n, input + range.lowerBound * n, sums + range.lowerBound / block * n)
  }
  for column in 0..<n {
    var total = 0.0
    for index in 0..<blocks { total += sums[index * n + column] }
    out[column] = Float(total)
  }
}

/// The sum of the squares of `count` elements, in double precision.
package func sumOfSquares(count: Int, _ x: UnsafePointer<Float>) -> Double { ck_sum_of_squares(count, x) }

/// Softmax of each row of `count` elements.
package func softmax(rows: Int, count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(rows, grain: max(1, loopGrain / 4 / max(1, count))) { range in
    let first = range.lowerBound * count
    ck_softmax(range.count, count, x + first, y + first)
  }
}

/// The softmax's input gradient `y · (g − Σ g·y)` from its output `y` and the incoming gradient `g`.
package func softmaxGradient(
  rows: Int, count: Int, output y: UnsafePointer<Float>, gradient g: UnsafePointer<Float>,
  into dx: UnsafeMutablePointer<Float>
) {
  Threads.forEachRange(rows, grain: max(1, loopGrain / 4 / max(1, count))) { range in
    let first = range.lowerBound * count
    ck_softmax_gradient(range.count, count, y + first, g + first, dx + first)
  }
}

/// `out[i] = table[rows[i]]` for rows of `width` elements.
package func gatherRows(
  _ rows: [Int32], width: Int, from table: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
) {
  ck_gather_rows(rows.count, width, rows, table, out)
}

/// `table[rows[i]] += input[i]`, in the order of `rows`.
package func scatterAddRows(
  _ rows: [Int32], width: Int, _ input: UnsafePointer<Float>, into table: UnsafeMutablePointer<Float>
) {
  ck_scatter_add_rows(rows.count, width, rows, input, table)
}
