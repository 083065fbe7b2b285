import LineupTensors

/// A named tensor of a module.
public struct NamedTensor: Sendable {
  /// The full name, dotted.
  public var name: String
  /// The tensor.
  public var value: Tensor

  /// A tensor under a name.
  public init(name: String, value: Tensor) {
    self.name = name
    self.value = value
  }
}

extension Module {
  /// Calls `body` with the full name of every parameter, in the order of the walk; it may change them.
  public mutating func forEachParameter(_ body: (String, inout Tensor) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(body: body)
      visit(&visitor)
    }
  }

  /// Calls `body` with the full name of every parameter and buffer, in the order of the walk; it may change them.
  public mutating func forEachTensor(_ body: (String, inout Tensor) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = TensorVisitor(body: body)
      visit(&visitor)
    }
  }

  /// The parameters under their full names, in the order of the walk.
  public var parameters: [NamedTensor] {
    var found: [NamedTensor] = []
    var copy = self
    copy.forEachParameter { found.append(NamedTensor(name: $0, value: $1)) }
    return found
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Parameters and buffers under their full names: what a checkpoint of tensors holds.
  public var tensors: [NamedTensor] {
    var found: [NamedTensor] = []
    var copy = self
    copy.forEachTensor { found.append(NamedTensor(name: $0, value: $1)) }
    return found
  }
}

private struct ParameterVisitor: ModuleVisitor {
  var body: (String, inout Tensor) -> Void
  var path = NamePath()

  mutating func parameter(_ name: String, _ value: inout Tensor) { body(path.name(name), &value) }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}

private struct TensorVisitor: ModuleVisitor {
  var body: (String, inout Tensor) -> Void
  var path = NamePath()

  mutating func parameter(_ name: String, _ value: inout Tensor) { body(path.name(name), &value) }
  mutating func buffer(_ name: String, _ value: inout Tensor) { body(path.name(name), &value) }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}
