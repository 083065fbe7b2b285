import LineupTensors

/// A convolution whose weights are brought to mean 0 and variance 1 for each output channel before use (Qiao et al. 2019),
/// which suits the small batches and the group norms of diffusion networks.
package struct WeightStandardizedConvolution2D: Layer {
  /// As trained: `[kernelHeight, kernelWidth, inputs, outputs]`.
  package var weight: Tensor
  /// `[outputs]`.
  package var bias: Tensor
  /// Added to the variance of the weights.
  package let epsilon: Float

  /// A layer of square kernels that keeps the image's size.
  package init(_ inputs: Int, to outputs: Int, kernel: Int = 3, epsilon: Float = 1e-5, random: inout RandomStream) {
    let plain = Convolution2D(inputs, to: outputs, kernel: kernel, random: &random)
    weight = plain.weight
    bias = plain.bias!
    self.epsilon = epsilon
  }

  /// The weights in use. All axes but the outputs are a "batch", so this is a batch norm without scale and offset.
  package var standardizedWeight: Tensor {
    let outputs = [bias.count]
    return weight.normalized(over: .batch, scale: .ones(outputs), offset: .zeros(outputs), epsilon: epsilon)
  }

  /// `[batch, height, width, inputs]` to `[batch, height, width, outputs]`.
  package func callAsFunction(_ input: Tensor) -> Tensor { input.convolved(with: standardizedWeight, bias: bias) }

  /// Shows everything stored, each under its property's name.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}
