import CLineupKernels

/// Floats that one task of an elementwise loop passes over: some microseconds' work, about what it costs to share it.
let loopGrain = 1 << 15

/// A function of one number, applied to every element.
package enum UnaryFunction: Sendable {
  case negate, exp, log, sqrt, reciprocalSquareRoot, reciprocal, square, abs, sign, sin, cos
  case tanh, sigmoid, silu, gelu, quickGELU, softplus, erf, relu
  /// Multiplies negative numbers by the slope.
  case leakyReLU(slope: Float)

  fileprivate var code: ck_unary_function {
    switch self {
    case .negate: CK_NEGATE
    case .exp: CK_EXP
    case .log: CK_LOG
    case .sqrt: CK_SQRT
    case .reciprocalSquareRoot: CK_RSQRT
    case .reciprocal: CK_RECIPROCAL
    case .square: CK_SQUARE
    case .abs: CK_ABS
    case .sign: CK_SIGN
    case .sin: CK_SIN
    case .cos: CK_COS
    case .tanh: CK_TANH
    case .sigmoid: CK_SIGMOID
    case .silu: CK_SILU
    case .gelu: CK_GELU
    case .quickGELU: CK_QUICK_GELU
    case .softplus: CK_SOFTPLUS
    case .erf: CK_ERF
    case .relu: CK_RELU
    case .leakyReLU: CK_LEAKY_RELU
    }
  }
}

/// `y = f(x)` for `count` elements; `x` and `y` may be the same buffer.
package func apply(
  _ function: UnaryFunction, count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
) {
  var parameter: Float = 0
  if case .leakyReLU(let slope) = function { parameter = slope }
  Threads.forEachRange(count, grain: loopGrain / 2) { range in
    let first = range.lowerBound
    ck_unary(function.code, range.count, x + first, parameter, y + first)
  }
}

/// `y = scale · x + offset` for `count` elements.
package func applyAffine(
  count: Int, _ x: UnsafePointer<Float>, scale: Float, offset: Float, into y: UnsafeMutablePointer<Float>
) {
  Threads.forEachRange(count, grain: loopGrain) { range in
    ck_affine(range.count, x + range.lowerBound, scale, offset, y + range.lowerBound)
  }
}

/// `y += x` for `count` elements.
package func accumulate(count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(count, grain: loopGrain) { range in
    ck_accumulate(range.count, x + range.lowerBound, y + range.lowerBound)
  }
}

/// `y += t · (x − y)` for `count` elements.
package func interpolate(count: Int, toward x: UnsafePointer<Float>, by t: Float, _ y: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(count, grain: loopGrain) { range in
    ck_interpolate(range.count, x + range.lowerBound, t, y + range.lowerBound)
  }
}

/// Whether every element is finite.
package func allFinite(count: Int, _ x: UnsafePointer<Float>) -> Bool { ck_all_finite(count, x) != 0 }
