import LineupTensors

/// A convolution over images `[batch, height, width, channels]`.
public struct Convolution2D: Layer {
  /// `[kernelHeight, kernelWidth, inputs, outputs]`.
  public var weight: Tensor
  /// `[outputs]`.
  public var bias: Tensor?
  /// The step between two outputs, in pixels of the larger side.
  public let stride: Int
  /// What is added around the image.
  public let padding: Padding

  /// A layer of square kernels; the weights begin as the initializer says, a bias at zero or as PyTorch's.
  public init(
    _ inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Padding = .same, bias: Bool = true,
    initializer: Initializer = .uniformByFanIn, random: inout RandomStream
  ) {
    let fanIn = kernel * kernel * inputs
    weight = initializer([kernel, kernel, inputs, outputs], fanIn: fanIn, &random)
    self.bias = bias ? Initializer.biasLike(initializer)([outputs], fanIn: fanIn, &random) : nil
    self.stride = stride
    self.padding = padding
  }

  /// `[batch, height, width, inputs]` to `[batch, height', width', outputs]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.convolved(with: weight, bias: bias, stride: stride, padding: padding)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}

/// A transposed convolution: with kernel 4, stride 2 and one zero of padding it doubles the size of images.
public struct TransposeConvolution2D: Layer {
  /// `[kernelHeight, kernelWidth, outputs, inputs]`, the weights of the convolution whose input gradient this is.
  public var weight: Tensor
  /// `[outputs]`.
  public var bias: Tensor?
  /// The step between two outputs, in pixels of the larger side.
  public let stride: Int
  /// What is added around the image.
  public let padding: Padding

  /// A layer of square kernels; the weights begin as the initializer says, a bias at zero or as PyTorch's.
  public init(
    _ inputs: Int, to outputs: Int, kernel: Int = 4, stride: Int = 2, padding: Padding = .all(1), bias: Bool = true,
    initializer: Initializer = .uniformByFanIn, random: inout RandomStream
  ) {
    let fanIn = kernel * kernel * outputs
    weight = initializer([kernel, kernel, outputs, inputs], fanIn: fanIn, &random)
    self.bias = bias ? Initializer.biasLike(initializer)([outputs], fanIn: fanIn, &random) : nil
    self.stride = stride
    self.padding = padding
  }

  /// `[batch, height, width, inputs]` to `[batch, height', width', outputs]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.transposeConvolved(with: weight, bias: bias, stride: stride, padding: padding)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}
