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
    func filled(_ value: () -> Float) -> Tensor {
      Tensor(shape: shape) { buffer in for index in buffer.indices { buffer[index] = value() } }
    }
    // In place: buffers of the size of all weights would be kept for reuse otherwise.
    switch self {
    case .zeros: return .zeros(shape)
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation): return filled { random.normal() * deviation }
    case .uniformByFanIn:
      let bound = 1 / Float(fanIn).squareRoot()
      return filled { (2 * random.uniform() - 1) * bound }
    case .heNormal:
      let deviation = (2 / Float(fanIn)).squareRoot()
      return filled { random.normal() * deviation }
    case .lecunNormal:
      let deviation = (1 / Float(fanIn)).squareRoot()
      return filled { random.normal() * deviation }
    }
  }
}
