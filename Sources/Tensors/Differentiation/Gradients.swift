import LineupKernels

/// The gradient of a single number with respect to some of the tensors it was computed from.
///
/// The result can itself be differentiated, which is how gradient penalties are written. Sources that the value does not
/// depend on get zeros.
public func gradients(of value: Tensor, withRespectTo sources: [Tensor]) -> [Tensor] {
  pulledBackGradients(of: value, withRespectTo: sources, recorded: true)
}

/// The gradient of a single number with respect to one tensor; see `gradients(of:withRespectTo:)`.
public func gradient(of value: Tensor, withRespectTo source: Tensor) -> Tensor {
  gradients(of: value, withRespectTo: [source])[0]
}

/// The gradients as plain data: nothing is recorded, and each node is let go as soon as it was used.
package func dataGradients(of value: consuming Tensor, withRespectTo sources: [Tensor]) -> [Tensor] {
  pulledBackGradients(of: value, withRespectTo: sources, recorded: false)
}

private func pulledBackGradients(
  of value: consuming Tensor, withRespectTo sources: [Tensor], recorded: Bool
) -> [Tensor] {
  require(value.count == 1, "a gradient is taken of a single number, not of a tensor of shape \(value.shape)")
  let sourceIDs = sources.map { source -> UInt64 in
    guard let node = source.node else {
      fatalError("a gradient is taken with respect to a gradientSource(), not to plain data")
    }
    return node.id
  }
  let zeros = { sources.map { Tensor.zeros($0.shape) } }
  guard let root = value.node, let oldest = sourceIDs.min(), root.id >= oldest else { return zeros() }

  let rootID = root.id
  let valueShape = value.shape
  var order = nodesBetween(root: root, oldest: oldest)
  var relevant = Set(sourceIDs)
  for node in order where node.inputs.contains(where: { $0.node.map { relevant.contains($0.id) } ?? false }) {
    relevant.insert(node.id)
  }
  value = Tensor(0)  // lets go of the graph, so that the list below is its only owner
  guard relevant.contains(rootID) else { return zeros() }

  var gradients: [UInt64: Tensor] = [rootID: .ones(valueShape)]
  let wanted = Set(sourceIDs)
  while let node = order.popLast() {
    guard relevant.contains(node.id) else { continue }
    let incoming = wanted.contains(node.id) ? gradients[node.id] : gradients.removeValue(forKey: node.id)
    guard let incoming, !node.inputs.isEmpty else { continue }
    let inputIDs = node.inputs.map { $0.node?.id }
    let needed = inputIDs.map { $0.map(relevant.contains) ?? false }
    let earlier = EarlierGradients(inputIDs.map { $0.flatMap { gradients.removeValue(forKey: $0) } })
    var contributions = node.pulledBack(incoming, needed: needed, adding: earlier, recorded: recorded)
    for index in contributions.indices where needed[index] {
      guard let id = inputIDs[index] else { continue }
      // Taken out of the array, so that its buffer may be free to be added to.
      let contribution = contributions[index].take()
      if let shape = contribution?.shape {
        require(
          shape == node.inputs[index].shape,
          "a pullback gave a gradient of shape \(shape) for an input of shape \(node.inputs[index].shape)")
      }
      add(earlier.take(index), to: &gradients[id], recorded: recorded)
      add(contribution, to: &gradients[id], recorded: recorded)
    }
  }
  return zip(sources, sourceIDs).map { gradients[$1] ?? .zeros($0.shape) }
}

/// The nodes that the root depends on and that are no older than the oldest source, in ascending order of id.
private func nodesBetween(root: Node, oldest: UInt64) -> [Node] {
  var seen: Set<UInt64> = [root.id]
  var found = [root]
  var next = 0
  while next < found.count {
    for input in found[next].inputs {
      if let node = input.node, node.id >= oldest, seen.insert(node.id).inserted { found.append(node) }
    }
    next += 1
  }
  return found.sorted { $0.id < $1.id }
}

/// Adds a term that there may be to a sum that there may be.
private func add(_ term: consuming Tensor?, to sum: inout Tensor?, recorded: Bool) {
  guard let term else { return }
  if let earlier = sum.take() {
    sum = recorded ? earlier + term : sumInPlace(earlier, term)
  } else {
    sum = term
  }
}

/// The sum, in the buffer of a term that nobody else holds if there is one.
private func sumInPlace(_ earlier: consuming Tensor, _ contribution: consuming Tensor) -> Tensor {
  var (sum, term) = (earlier, contribution)
  if !isKnownUniquelyReferenced(&sum.storage) { swap(&sum, &term) }
  guard isKnownUniquelyReferenced(&sum.storage) else { return term + sum }
  sum.withMutableValues { target in
    term.withValues { accumulate(count: $0.count, $0.baseAddress!, into: target.baseAddress!) }
  }
  return sum
}
