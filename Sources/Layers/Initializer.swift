import Tensors

/// How a weight begins.
public enum Initializer: Sendable {
  case zeros
  case constant(Float)
  /// Normal with a fixed standard deviation.
  case normal(deviation: Float)
  /// Uniform on ±1/√fanIn: PyTorch's default for linear and convolution layers, weights and biases.
  case uniformByFanIn
  /// Normal with deviation √(2/fanIn) (He et al. 2015).
  case heNormal
  /// Normal with deviation √(1/fanIn).
  case lecunNormal

  /// A tensor of the given shape; without values where the stream says that they will be loaded.
  public func callAsFunction(_ shape: [Int], fanIn: Int, _ random: inout RandomStream) -> Tensor {
    if random.isForLoading { return .withoutValues(shape) }
    return switch self {
    case .zeros: .zeros(shape)
    case .constant(let value): Tensor(repeating: value, shape: shape)
    case .normal(let deviation): random.normal(shape).scaled(by: deviation)
    case .uniformByFanIn:
      random.uniform(shape).scaled(by: 2, plus: -1).scaled(by: 1 / Float(fanIn).squareRoot())
    case .heNormal: random.normal(shape).scaled(by: (2 / Float(fanIn)).squareRoot())
    case .lecunNormal: random.normal(shape).scaled(by: (1 / Float(fanIn)).squareRoot())
    }
  }
}
