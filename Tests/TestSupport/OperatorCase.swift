import LineupTensors

/// One differentiable operation: how to call it and how closely its derivatives can be checked. The one table drives
/// the tests of first and second derivatives, and timings.
package struct OperatorCase: Sendable, CustomStringConvertible {
  package var name: String
  package var shapes: [[Int]]
  /// Added to standard normal inputs and multiplied, to keep away from poles and kinks.
  package var positive: Bool
  package var tolerance: Double
  package var apply: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ shapes: [[Int]], positive: Bool = false, tolerance: Double = 1e-2,
    _ apply: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.shapes, self.positive, self.tolerance, self.apply) = (name, shapes, positive, tolerance, apply)
  }

  package var description: String { name }

  /// Inputs for the operation, the same each time.
  package func inputs() -> [Tensor] {
    var random = RandomStream(seed: 7).split(name)
    return shapes.map { shape in
      positive ? random.uniform(shape).scaled(by: 1, plus: 0.5) : random.normal(shape)
    }
  }

  package static let all: [OperatorCase] = elementwise + structural + contractions + composite

  static let elementwise: [OperatorCase] = [
    OperatorCase("add, broadcast", [[2, 3, 4], [3, 1]]) { $0[0] + $0[1] },
    OperatorCase("subtract, broadcast", [[4], [2, 3, 4]]) { $0[0] - $0[1] },
    OperatorCase("multiply, broadcast", [[2, 1, 4], [3, 1]]) { $0[0] * $0[1] },
    OperatorCase("divide", [[2, 3], [2, 3]], positive: true) { $0[0] / $0[1] },
    OperatorCase("affine", [[5]]) { 3 - $0[0] * 2 },
    OperatorCase("maximum", [[7], [7]]) { maximum($0[0], $0[1]) },
    OperatorCase("clamp", [[9]]) { $0[0].clamped(to: -0.6...0.8) * 2 },
    OperatorCase("exp", [[6]]) { exp($0[0]) },
    OperatorCase("log", [[6]], positive: true) { log($0[0]) },
    OperatorCase("sqrt", [[6]], positive: true) { sqrt($0[0]) },
    OperatorCase("rsqrt", [[6]], positive: true) { rsqrt($0[0]) },
    OperatorCase("reciprocal", [[6]], positive: true) { reciprocal($0[0]) },
    OperatorCase("square", [[6]]) { square($0[0]) },
    OperatorCase("abs", [[6]]) { abs($0[0]) },
    OperatorCase("sin", [[6]]) { sin($0[0]) },
    OperatorCase("cos", [[6]]) { cos($0[0]) },
    OperatorCase("erf", [[6]]) { erf($0[0]) },
    OperatorCase("tanh", [[8]]) { tanh($0[0]) },
    OperatorCase("sigmoid", [[8]]) { sigmoid($0[0]) },
    OperatorCase("softplus", [[8]]) { softplus($0[0]) },
    OperatorCase("silu", [[8]]) { silu($0[0]) },
    OperatorCase("gelu", [[8]]) { gelu($0[0]) },
    OperatorCase("quickGELU", [[8]]) { quickGELU($0[0]) },
    OperatorCase("relu", [[8]]) { square(relu($0[0])) },
    OperatorCase("leakyRelu", [[8]]) { square(leakyRelu($0[0], slope: 0.2)) },
  ]

  static let structural: [OperatorCase] = [
    OperatorCase("sum of middle axis", [[2, 3, 4]]) { square($0[0].sum(overAxes: [1])) },
    OperatorCase("mean of outer axes", [[2, 3, 4]]) { square($0[0].mean(overAxes: [0, 2], keepingAxes: true)) },
    OperatorCase("reshape", [[2, 6]]) { square($0[0].reshaped(to: [3, -1])) },
    OperatorCase("permute", [[2, 3, 4]]) { square($0[0].permuted([2, 0, 1])) },
    OperatorCase("broadcast", [[2, 1, 3]]) { square($0[0].broadcast(to: [4, 2, 2, 3])) },
    OperatorCase("slice", [[3, 5]]) { square($0[0].sliced(1, 1..<4)) },
    OperatorCase("pad", [[2, 3]]) { square($0[0].padded(1, before: 1, after: 2)) },
    OperatorCase("concatenate", [[2, 3], [2, 1], [2, 2]]) { square(concatenated($0, along: 1)) },
    OperatorCase("gather rows", [[4, 3]]) { square($0[0].gatheredRows([2, 0, 2, 3])) },
    OperatorCase("upsample", [[1, 2, 3, 2]]) { square($0[0].upsampledNearest(by: 2)) },
    OperatorCase("average pool", [[1, 4, 2, 2]]) { square($0[0].averagePooled(by: 2)) },
    OperatorCase("maximum pool", [[1, 4, 2, 2]]) { inputs in
      // Offsets that keep the candidates apart: a finite difference must not step over a kink.
      let apart = Tensor((0..<16).map { Float($0 * 5 % 16) }, shape: [1, 4, 2, 2])
      return square((inputs[0] * 0.3 + apart * 0.3).maximumPooled(by: 2))
    },
    OperatorCase("resize", [[1, 3, 2, 2]]) { square($0[0].resizedBilinear(height: 5, width: 3)) },
    OperatorCase("pixel unshuffle", [[1, 4, 2, 2]]) { square($0[0].pixelsUnshuffled(by: 2)) },
  ]

  static let contractions: [OperatorCase] = [
    OperatorCase("matmul", [[3, 4], [4, 2]]) { matmul($0[0], $0[1]) },
    OperatorCase("matmul, both transposed", [[4, 3], [2, 4]]) {
      matmul($0[0], $0[1], transposeA: true, transposeB: true)
    },
    OperatorCase("matmul, batched", [[2, 3, 4], [2, 5, 4]]) { matmul($0[0], $0[1], transposeB: true) },
    OperatorCase("matmul, shared", [[2, 3, 4], [4, 2]]) { matmul($0[0], $0[1]) },
    OperatorCase("affine layer", [[2, 3, 4], [4, 2], [2]]) { affine($0[0], $0[1], bias: $0[2]) },
    OperatorCase("convolution 3×3", [[2, 4, 5, 2], [3, 3, 2, 3], [3]]) { $0[0].convolved(with: $0[1], bias: $0[2]) },
    OperatorCase("convolution 4×4, stride 2", [[1, 6, 6, 2], [4, 4, 2, 2]]) {
      $0[0].convolved(with: $0[1], stride: 2, padding: .all(1))
    },
    OperatorCase("convolution, padded right and bottom", [[1, 4, 4, 2], [3, 3, 2, 2]]) {
      $0[0].convolved(with: $0[1], stride: 2, padding: .explicit(top: 0, bottom: 1, left: 0, right: 1))
    },
    OperatorCase("transposed convolution", [[1, 3, 3, 2], [4, 4, 3, 2], [3]]) {
      $0[0].transposeConvolved(with: $0[1], bias: $0[2], stride: 2, padding: .all(1))
    },
  ]

  static let composite: [OperatorCase] = [
    OperatorCase("attention", [[2, 3, 6], [2, 5, 6], [2, 5, 6]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], heads: 2)
    },
    OperatorCase("causal attention", [[1, 4, 3], [1, 4, 3], [1, 4, 3]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], heads: 1, mask: .causal)
    },
    OperatorCase("GEGLU", [[3, 8]]) { gegluProduct($0[0]) },
    OperatorCase("linear attention", [[2, 5, 3], [3, 12]]) {
      linearAttention($0[0], projectedBy: $0[1], heads: 2)
    },
    OperatorCase("self-attention", [[2, 3, 12]]) { selfAttention($0[0], heads: 2) },
    OperatorCase("softmax", [[3, 4]]) { square($0[0].softmax()) },
    OperatorCase("log softmax", [[3, 4]]) { square($0[0].logSoftmax()) },
    OperatorCase("cross-entropy", [[3, 4]]) { crossEntropy($0[0], labels: [0, 3, 1]) },
    OperatorCase("group norm", [[2, 2, 3, 4], [4], [4]]) {
      $0[0].normalized(over: .groups(2), scale: $0[1], offset: $0[2], epsilon: 1e-5)
    },
    OperatorCase("group norm and SiLU", [[2, 2, 3, 4], [4], [4]]) {
      $0[0].normalized(over: .groups(2), scale: $0[1], offset: $0[2], epsilon: 1e-5, activation: .silu)
    },
    OperatorCase("group norm, shifted, modulated, SiLU", [[2, 3, 3, 6], [6], [6], [2, 6], [2, 6], [2, 6]]) {
      $0[0].normalized(
        over: .groups(3), scale: $0[1], offset: $0[2], epsilon: 1e-5, adding: $0[3], modulation: ($0[4], $0[5]),
        activation: .silu)
    },
    OperatorCase("batch norm", [[3, 2, 2, 2], [2], [2]]) {
      $0[0].normalized(over: .batch, scale: $0[1], offset: $0[2], epsilon: 1e-5)
    },
    OperatorCase("layer norm", [[3, 5], [5], [5]]) {
      $0[0].normalized(over: .last, scale: $0[1], offset: $0[2], epsilon: 1e-5)
    },
  ]
}
