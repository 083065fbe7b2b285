import CLineupKernels

/// A function of two numbers, applied to every pair of elements.
package enum BinaryFunction: Sendable {
  case add, subtract, multiply, divide, maximum, minimum
  /// The gradient of an activation times the incoming gradient, which is the second operand. The first operand is the
  /// activation's input (`silu`, `gelu`) or its output (`sigmoid`, `tanh`).
  case siluGradient, geluGradient, sigmoidGradientOfOutput, tanhGradientOfOutput
  /// The second operand where the first is positive, `slope` times it elsewhere.
  case stepSelect(slope: Float)

  fileprivate var code: ck_binary_function {
    switch self {
    case .add: CK_ADD
    case .subtract: CK_SUBTRACT
    case .multiply: CK_MULTIPLY
    case .divide: CK_DIVIDE
    case .maximum: CK_MAXIMUM
    case .minimum: CK_MINIMUM
    case .siluGradient: CK_SILU_GRADIENT
    case .geluGradient: CK_GELU_GRADIENT
    case .sigmoidGradientOfOutput: CK_SIGMOID_GRADIENT_OF_OUTPUT
    case .tanhGradientOfOutput: CK_TANH_GRADIENT_OF_OUTPUT
    case .stepSelect: CK_STEP_SELECT
    }
  }
}

/// `out = f(a, b)` over `shape`; each operand is read with its own element strides, 0 meaning broadcast.
/// At most `maximumRank` axes after neighbouring ones are merged.
package func apply(
  _ function: BinaryFunction, shape: [Int], _ a: UnsafePointer<Float>, strides stridesA: [Int],
  _ b: UnsafePointer<Float>, strides stridesB: [Int], into out: UnsafeMutablePointer<Float>
) {
  var parameter: Float = 0
  if case .stepSelect(let slope) = function { parameter = slope }
  let (dims, merged) = mergingAxes(shape, [stridesA, stridesB])
  guard dims.count > 1 else {
    // One long row.
    let (stepA, stepB) = (merged[0][0], merged[1][0])
    return Threads.forEachRange(dims[0], grain: loopGrain / 2) { range in
      let first = range.lowerBound
      var count = range.count
      ck_binary(
        function.code, 1, &count, merged[0], merged[1], 0, 1, a + first * stepA, b + first * stepB, parameter,
        out + first)
    }
  }
  forEachRowRange(dims) { first, count in
    ck_binary(
      function.code, Int32(dims.count), dims, merged[0], merged[1], first, count, a, b, parameter, out)
  }
}

/// `out` (contiguous, of `shape`) = `input` read with `strides`: permutation, broadcast and slicing in one.
package func gatherStrided(
  shape: [Int], _ input: UnsafePointer<Float>, strides: [Int], into out: UnsafeMutablePointer<Float>
) {
  let (dims, merged) = mergingAxes(shape, [strides])
  forEachRowRange(dims) { ck_gather_strided(Int32(dims.count), dims, merged[0], $0, $1, input, out) }
}

/// `out`, written with `strides`, = `input` (contiguous, of `shape`): padding and concatenation.
package func scatterStrided(
  shape: [Int], _ input: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, strides: [Int]
) {
  let (dims, merged) = mergingAxes(shape, [strides])
  forEachRowRange(dims) { ck_scatter_strided(Int32(dims.count), dims, merged[0], $0, $1, input, out) }
}

/// Calls `body(first, count)` for ranges of the rows along the last axis.
private func forEachRowRange(_ dims: [Int], _ body: (Int, Int) -> Void) {
  let rows = dims.dropLast().reduce(1, *)
  Threads.forEachRange(rows, grain: max(1, loopGrain / 2 / dims[dims.count - 1])) { body($0.lowerBound, $0.count) }
}

/// Drops axes of extent 1 and merges neighbours that every operand walks contiguously, so that inner loops are long.
func mergingAxes(_ shape: [Int], _ strides: [[Int]]) -> (dims: [Int], strides: [[Int]]) {
  var dims: [Int] = []
  var merged = [[Int]](repeating: [], count: strides.count)
  for axis in shape.indices where shape[axis] != 1 {
    let joins = !dims.isEmpty && strides.indices.allSatisfy { merged[$0].last! == strides[$0][axis] * shape[axis] }
    if joins {
      dims[dims.count - 1] *= shape[axis]
      for operand in strides.indices { merged[operand][dims.count - 1] = strides[operand][axis] }
    } else {
      dims.append(shape[axis])
      for operand in strides.indices { merged[operand].append(strides[operand][axis]) }
    }
  }
  if dims.isEmpty {
    dims = [1]
    for operand in strides.indices { merged[operand] = [1] }
  }
  require(
    dims.count <= Int(CK_MAX_RANK),
    "an elementwise operation over shape \(shape) needs \(dims.count) separate axes, more than \(CK_MAX_RANK)")
  return (dims, merged)
}
