extension RandomStream {
  /// A tensor of independent standard normal numbers.
  public mutating func normal(_ shape: [Int]) -> Tensor {
    Tensor(shape: shape) { buffer in for index in buffer.indices { buffer[index] = normal() } }
  }

  /// A tensor of independent numbers from [0, 1).
  public mutating func uniform(_ shape: [Int]) -> Tensor {
    Tensor(shape: shape) { buffer in for index in buffer.indices { buffer[index] = uniform() } }
  }

  /// Independent integers from 0 up to, not including, `bound`.
  public mutating func integers(below bound: Int, count: Int) -> [Int32] {
    (0..<count).map { _ in Int32(integer(below: bound)) }
  }
}
