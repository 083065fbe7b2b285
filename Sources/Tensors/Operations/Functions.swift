import LineupKernels

/// An elementwise function of one tensor, without recording.
private func elementwise(_ function: UnaryFunction, _ x: Tensor) -> Tensor {
  Tensor(shape: x.shape) { out in
    x.withValues { values in
      guard !values.isEmpty else { return }
      apply(function, count: values.count, values.baseAddress!, into: out.baseAddress!)
    }
  }
}

/// Records a function whose derivative is written with its input.
private func ofInput(
  _ function: UnaryFunction, _ x: Tensor, _ slope: @escaping @Sendable (_ gradient: Tensor, _ x: Tensor) -> Tensor
) -> Tensor {
  .recorded(elementwise(function, x), from: [x], saving: .inputs) { c in [slope(c.gradient, c.inputs[0])] }
}

/// Records a function whose derivative is written with its output.
private func ofOutput(
  _ function: UnaryFunction, _ x: Tensor, _ slope: @escaping @Sendable (_ gradient: Tensor, _ y: Tensor) -> Tensor
) -> Tensor {
  .recorded(elementwise(function, x), from: [x], saving: .output) { c in [slope(c.gradient, c.output)] }
}

/// eˣ of every element.
public func exp(_ x: Tensor) -> Tensor { ofOutput(.exp, x) { $0 * $1 } }
/// The natural logarithm of every element.
public func log(_ x: Tensor) -> Tensor { ofInput(.log, x) { $0 / $1 } }
/// The square root of every element.
public func sqrt(_ x: Tensor) -> Tensor { ofOutput(.sqrt, x) { $0.scaled(by: 0.5) / $1 } }
/// 1 / √x of every element.
public func rsqrt(_ x: Tensor) -> Tensor {
  ofOutput(.reciprocalSquareRoot, x) { ($0 * square($1) * $1).scaled(by: -0.5) }
}
/// 1 / x of every element.
public func reciprocal(_ x: Tensor) -> Tensor { ofOutput(.reciprocal, x) { -($0 * square($1)) } }
/// x² of every element.
public func square(_ x: Tensor) -> Tensor { ofInput(.square, x) { ($0 * $1).scaled(by: 2) } }
/// The sine of every element, in radians.
public func sin(_ x: Tensor) -> Tensor { ofInput(.sin, x) { $0 * cos($1) } }
/// The cosine of every element, in radians.
public func cos(_ x: Tensor) -> Tensor { ofInput(.cos, x) { -($0 * sin($1)) } }
/// The error function of every element.
public func erf(_ x: Tensor) -> Tensor {
  ofInput(.erf, x) { $0 * exp(-square($1)).scaled(by: 1.128_379_2) }
}

/// −1, 0 or 1; its derivative is zero, so the result is plain data.
public func signs(_ x: Tensor) -> Tensor { elementwise(.sign, x) }
/// The absolute value of every element; its derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor { ofInput(.abs, x) { $0 * signs($1) } }

/// The hyperbolic tangent of every element.
public func tanh(_ x: Tensor) -> Tensor {
  .recorded(elementwise(.tanh, x), from: [x], saving: .output) { c in
    c.isRecorded
      ? [c.gradient * (1 - square(c.output))]
      : [elementwise(.tanhGradientOfOutput, c.output, c.gradient, "differentiate")]
  }
}

/// 1 / (1 + e⁻ˣ) of every element.
public func sigmoid(_ x: Tensor) -> Tensor {
  .recorded(elementwise(.sigmoid, x), from: [x], saving: .output) { c in
    c.isRecorded
      ? [c.gradient * c.output * (1 - c.output)]
      : [elementwise(.sigmoidGradientOfOutput, c.output, c.gradient, "differentiate")]
  }
}

/// `ln(1 + eˣ)`, without overflow.
public func softplus(_ x: Tensor) -> Tensor { ofInput(.softplus, x) { $0 * sigmoid($1) } }

/// `x · σ(x)` (swish).
public func silu(_ x: Tensor) -> Tensor {
  .recorded(elementwise(.silu, x), from: [x], saving: .inputs) { c in
    let x = c.inputs[0]
    guard c.isRecorded else { return [elementwise(.siluGradient, x, c.gradient, "differentiate")] }
    let s = sigmoid(x)
    return [c.gradient * s * (1 + x * (1 - s))]
  }
}

/// The exact Gaussian error linear unit, `x/2 · (1 + erf(x/√2))`.
public func gelu(_ x: Tensor) -> Tensor {
  .recorded(elementwise(.gelu, x), from: [x], saving: .inputs) { c in
    let x = c.inputs[0]
    guard c.isRecorded else { return [elementwise(.geluGradient, x, c.gradient, "differentiate")] }
    let cumulative = (erf(x.scaled(by: 0.707_106_78)) + 1).scaled(by: 0.5)
    let density = exp(square(x).scaled(by: -0.5)).scaled(by: 0.398_942_28)
    return [c.gradient * (cumulative + x * density)]
  }
}

/// `x · σ(1.702 x)`, the approximation in OpenAI's CLIP.
public func quickGELU(_ x: Tensor) -> Tensor {
  ofInput(.quickGELU, x) { gradient, x in
    let s = sigmoid(x.scaled(by: 1.702))
    return gradient * s * (1 + (x * (1 - s)).scaled(by: 1.702))
  }
}

/// max(x, 0) of every element.
public func relu(_ x: Tensor) -> Tensor {
  .recorded(elementwise(.relu, x), from: [x], saving: .inputs) { c in [stepSelected(c.gradient, by: c.inputs[0], 0)] }
}

/// `x` where positive, `slope · x` elsewhere.
public func leakyRelu(_ x: Tensor, slope: Float = 0.2) -> Tensor {
  .recorded(elementwise(.leakyReLU(slope: slope), x), from: [x], saving: .inputs) { c in
    [stepSelected(c.gradient, by: c.inputs[0], slope)]
  }
}

/// `gradient` where `x` is positive, `slope · gradient` elsewhere. Linear in the gradient and flat in `x`.
private func stepSelected(_ gradient: Tensor, by x: Tensor, _ slope: Float) -> Tensor {
  let mask = x.withoutGradient
  let output = elementwise(.stepSelect(slope: slope), mask, gradient.withoutGradient, "select")
  return .recorded(output, from: [gradient, mask], saving: .inputs) { c in
    [stepSelected(c.gradient, by: c.inputs[1], slope), nil]
  }
}
