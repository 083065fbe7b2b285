import LineupKernels

/// How many zeros surround images before a convolution.
public enum Padding: Sendable, Equatable {
  /// None.
  case valid
  /// `(kernel − 1) / 2` on each side: the size is kept at stride 1 by odd kernels, as `padding=k//2` elsewhere.
  case same
  case explicit(top: Int, bottom: Int, left: Int, right: Int)

  /// The same number on all four sides.
  public static func all(_ zeros: Int) -> Padding { .explicit(top: zeros, bottom: zeros, left: zeros, right: zeros) }

  func zeros(kernelHeight: Int, kernelWidth: Int) -> (top: Int, bottom: Int, left: Int, right: Int) {
    switch self {
    case .valid: (0, 0, 0, 0)
    case .same: ((kernelHeight - 1) / 2, (kernelHeight - 1) / 2, (kernelWidth - 1) / 2, (kernelWidth - 1) / 2)
    case .explicit(let top, let bottom, let left, let right): (top, bottom, left, right)
    }
  }
}

extension Tensor {
  /// A convolution of images `[batch, height, width, in]` with weights `[kh, kw, in, out]`.
  public func convolved(
    with weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Padding = .same
  ) -> Tensor {
    require(
      rank == 4 && weight.rank == 4 && shape[3] == weight.shape[2],
      "cannot convolve images of shape \(shape) with weights of shape \(weight.shape)")
    let pad = padding.zeros(kernelHeight: weight.shape[0], kernelWidth: weight.shape[1])
    let geometry = ConvolutionGeometry(
      batch: shape[0], inputHeight: shape[1], inputWidth: shape[2], inputChannels: shape[3],
      outputChannels: weight.shape[3], kernelHeight: weight.shape[0], kernelWidth: weight.shape[1],
      strideHeight: stride, strideWidth: stride, padTop: pad.top, padBottom: pad.bottom, padLeft: pad.left,
      padRight: pad.right)
    require(
      geometry.outputHeight > 0 && geometry.outputWidth > 0,
      "a kernel of shape \(weight.shape) does not fit into images of shape \(shape)")
    return convolution(geometry, self, weight, bias)
  }

  /// A transposed convolution of images `[batch, height, width, in]` with weights `[kh, kw, out, in]`: the input gradient
  /// of the convolution with the same weights, stride and padding. The output's size is
  /// `(size − 1) · stride + kernel − padding`.
  public func transposeConvolved(
    with weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Padding = .same
  ) -> Tensor {
    require(
      rank == 4 && weight.rank == 4 && shape[3] == weight.shape[3],
      "cannot convolve images of shape \(shape) transposed with weights of shape \(weight.shape)")
    let pad = padding.zeros(kernelHeight: weight.shape[0], kernelWidth: weight.shape[1])
    let geometry = ConvolutionGeometry(
      batch: shape[0], inputHeight: (shape[1] - 1) * stride + weight.shape[0] - pad.top - pad.bottom,
      inputWidth: (shape[2] - 1) * stride + weight.shape[1] - pad.left - pad.right, inputChannels: weight.shape[2],
      outputChannels: shape[3], kernelHeight: weight.shape[0], kernelWidth: weight.shape[1], strideHeight: stride,
      strideWidth: stride, padTop: pad.top, padBottom: pad.bottom, padLeft: pad.left, padRight: pad.right)
    let output = convolutionInputGradient(geometry, self, weight)
    return bias.map { output + $0 } ?? output
  }
}

// The convolution and its two gradients are bilinear, and the derivative of each is made of the other two. Together they
// are closed under differentiation to any order.

private func convolution(_ g: ConvolutionGeometry, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
  let output = Tensor(shape: [g.batch, g.outputHeight, g.outputWidth, g.outputChannels]) { out in
    input.withValues { x in
      weight.withValues { w in
        convolve(
          g, input: x.baseAddress!, weight: w.baseAddress!, bias: bias?.operand, output: out.baseAddress!)
      }
    }
  }
  return .recorded(output, from: [input, weight] + (bias.map { [$0] } ?? []), saving: .inputs) { c in
    [
      c.needed[0] ? convolutionInputGradient(g, c.gradient, c.inputs[1]) : nil,
      c.needed[1] ? convolutionWeightGradient(g, c.inputs[0], c.gradient) : nil,
    ] + (c.inputs.count > 2 ? [c.needed[2] ? c.gradient.sum(overAxes: [0, 1, 2]) : nil] : [])
  }
}

private func convolutionInputGradient(_ g: ConvolutionGeometry, _ gradient: Tensor, _ weight: Tensor) -> Tensor {
  let output = Tensor(shape: [g.batch, g.inputHeight, g.inputWidth, g.inputChannels]) { out in
    gradient.withValues { dy in
      weight.withValues { w in
        convolveInputGradient(
          g, outputGradient: dy.baseAddress!, weight: w.baseAddress!, inputGradient: out.baseAddress!)
      }
    }
  }
  return .recorded(output, from: [gradient, weight], saving: .inputs) { c in
    [
      c.needed[0] ? convolution(g, c.gradient, c.inputs[1], nil) : nil,
      c.needed[1] ? convolutionWeightGradient(g, c.gradient, c.inputs[0]) : nil,
    ]
  }
}

private func convolutionWeightGradient(_ g: ConvolutionGeometry, _ input: Tensor, _ gradient: Tensor) -> Tensor {
  let output = Tensor(shape: [g.kernelHeight, g.kernelWidth, g.inputChannels, g.outputChannels]) { out in
    input.withValues { x in
      gradient.withValues { dy in
        convolveWeightGradient(
          g, input: x.baseAddress!, outputGradient: dy.baseAddress!, weightGradient: out.baseAddress!)
      }
    }
  }
  return .recorded(output, from: [input, gradient], saving: .inputs) { c in
    [
      c.needed[0] ? convolutionInputGradient(g, c.inputs[1], c.gradient) : nil,
      c.needed[1] ? convolution(g, c.inputs[0], c.gradient, nil) : nil,
    ]
  }
}
