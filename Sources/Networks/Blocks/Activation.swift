import LineupTensors

/// The nonlinearity of a network's blocks, the same everywhere in one network.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  /// `x·σ(x)`, also called swish.
  case silu
  /// The exact Gaussian error linear unit.
  case gelu
  case relu
  /// `x·tanh(softplus(x))` (Misra 2019).
  case mish

  /// The function, element by element.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    switch self {
    case .silu: LineupTensors.silu(input)
    case .gelu: LineupTensors.gelu(input)
    case .relu: LineupTensors.relu(input)
    case .mish: input * tanh(softplus(input))
    }
  }
}

extension GroupNorm {
  /// The activation of the normalised images `[batch, height, width, channels]`, the pair that stands before every
  /// convolution of the residual networks, with what may stand between: see `activated(_:adding:modulation:)`, which is
  /// one pass over memory where the activation is SiLU.
  public func activated(
    _ input: Tensor, by activation: Activation, adding shift: Tensor? = nil,
    modulation: (factor: Tensor, offset: Tensor)? = nil
  ) -> Tensor {
    if activation == .silu { return activated(input, adding: shift, modulation: modulation) }
    return activation(
      input.normalized(
        over: .groups(groups), scale: scale, offset: offset, epsilon: epsilon, adding: shift, modulation: modulation))
  }
}
