import CLineupKernels

/// `y = a · gelu(b)` for the halves `a` and `b` of each row of `x` `[rows, 2 · count]`; `y` is `[rows, count]`.
package func applyGEGLU(rows: Int, count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(rows, grain: max(1, loopGrain / (4 * max(count, 1)))) { range in
    ck_geglu(range.count, count, x + range.lowerBound * 2 * count, y + range.lowerBound * count)
  }
}

/// The gradient of `applyGEGLU` in `x` from the gradient `g` of its result.
package func applyGEGLUGradient(
  rows: Int, count: Int, _ x: UnsafePointer<Float>, gradient g: UnsafePointer<Float>,
  into dx: UnsafeMutablePointer<Float>
) {
  Threads.forEachRange(rows, grain: max(1, loopGrain / (8 * max(count, 1)))) { range in
    let first = range.lowerBound
    ck_geglu_gradient(range.count, count, x + first * 2 * count, g + first * count, dx + first * 2 * count)
  }
}
