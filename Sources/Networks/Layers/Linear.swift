import LineupTensors

/// `x · weight + bias` over the last axis.
public struct Linear: Layer {
  /// `[inputs, outputs]`.
  public var weight: Tensor
  /// `[outputs]`.
  public var bias: Tensor?

  /// A layer of `inputs` numbers to `outputs`; weights and bias begin as the initializer says.
  public init(
    _ inputs: Int, to outputs: Int, bias: Bool = true, initializer: Initializer = .uniformByFanIn,
    random: inout RandomStream
  ) {
    weight = initializer([inputs, outputs], fanIn: inputs, &random)
    self.bias = bias ? Initializer.biasLike(initializer)([outputs], fanIn: inputs, &random) : nil
  }

  /// `[…, inputs]` to `[…, outputs]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    if let bias { return affine(input, weight, bias: bias) }
    return matmul(input.rank == 1 ? input.reshaped(to: [1, -1]) : input, weight)
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}

extension Initializer {
  /// Biases begin like PyTorch's beside PyTorch's default weights, and at zero beside all others.
  static func biasLike(_ weight: Initializer) -> Initializer {
    if case .uniformByFanIn = weight { return .uniformByFanIn }
    return .zeros
  }
}
