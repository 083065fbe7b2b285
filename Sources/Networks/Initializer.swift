import LineupTensors

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
    // In place: buffers of the size of all weights would be kept for reuse otherwise.
    func filled(_ value: () -> Float) -> Tensor {
      Tensor(shape: shape) { buffer in for index in buffer.indices { buffer[index] = value() } }
    }
    func normal(_ deviation: Float) -> Tensor { filled { random.normal() * deviation } }
    func uniform(_ bound: Float) -> Tensor { filled { (2 * random.uniform() - 1) * bound } }
    return switch self {
    case .zeros: .zeros(shape)
    case .constant(let value): Tensor(repeating: value, shape: shape)
    case .normal(let deviation): normal(deviation)
    case .uniformByFanIn: uniform(1 / Float(fanIn).squareRoot())
    case .heNormal: normal((2 / Float(fanIn)).squareRoot())
    case .lecunNormal: normal((1 / Float(fanIn)).squareRoot())
    }
  }
}
