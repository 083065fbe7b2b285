import LineupTensors

/// The gradient of a loss with respect to a module's parameters, in the order of the module's walk.
public struct Gradients: Sendable {
  /// One tensor a parameter, of the parameter's shape.
  public var tensors: [Tensor]

  /// Gradients that came from elsewhere.
  public init(tensors: [Tensor]) { self.tensors = tensors }

  /// The Euclidean length over all parameters together.
  public var norm: Double { tensors.reduce(0) { $0 + $1.squaredNorm }.squareRoot() }

  /// Whether every number is finite.
  public var isFinite: Bool { tensors.allSatisfy(\.isFinite) }
}

/// The value of a loss and its gradient at a model.
///
/// The closure receives a copy whose parameters are gradient sources. Buffers that it changes (running statistics) are
/// written back to the model; parameters are left alone.
public func valueAndGradient<M: Module>(
  of model: inout M, _ loss: (inout M) -> Tensor
) -> (value: Tensor, gradient: Gradients) {
  var lifted = model
  var lift = Lift()
  lifted.visit(&lift)
  let value = loss(&lifted)
  let plain = value.withoutGradient
  let gradients = dataGradients(of: value, withRespectTo: lift.sources)
  var collect = BufferCollector()
  lifted.visit(&collect)
  if !collect.buffers.isEmpty {
    var write = BufferWriter(buffers: collect.buffers[...])
    model.visit(&write)
  }
  return (plain, Gradients(tensors: gradients))
}

/// Turns every parameter into a gradient source and remembers it.
private struct Lift: ModuleVisitor {
  var sources: [Tensor] = []

  mutating func parameter(_ name: String, _ value: inout Tensor) {
    value = value.gradientSource()
    sources.append(value)
  }
}

private struct BufferCollector: ModuleVisitor {
  var buffers: [Tensor] = []

  mutating func buffer(_ name: String, _ value: inout Tensor) { buffers.append(value.withoutGradient) }
}

private struct BufferWriter: ModuleVisitor {
  var buffers: ArraySlice<Tensor>

  mutating func buffer(_ name: String, _ value: inout Tensor) { value = buffers.removeFirst() }
}
