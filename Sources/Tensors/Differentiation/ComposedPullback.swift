extension PullbackContext {
  /// The gradients of a fused operation while a higher order is recorded: those of the same function composed of
  /// differentiable operations.
  func gradients(through composed: ([Tensor]) -> Tensor) -> [Tensor?] {
    // Newer nodes than any that the incoming gradient was computed from: what it owes to the inputs itself must not be
    // counted here a second time.
    let aliases = zip(inputs, needed).map { input, isNeeded in
      isNeeded ? (input.node == nil ? input.gradientSource() : input.alias()) : input
    }
    let value = (composed(aliases) * gradient).sum()
    var found = LineupTensors.gradients(of: value, withRespectTo: zip(aliases, needed).filter(\.1).map(\.0))[...]
    return needed.map { $0 ? found.removeFirst() : nil }
  }
}

extension Tensor {
  /// The same values with the same derivative under a node of their own.
  fileprivate func alias() -> Tensor {
    .recorded(Tensor(storage: storage, shape: shape), from: [self], saving: []) { c in [c.gradient] }
  }
}
