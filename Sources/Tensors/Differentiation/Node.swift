import Synchronization

/// What a pullback may look at: the incoming gradient and what the operation saw and gave.
struct PullbackContext {
  /// The gradient of the final value with respect to the operation's output.
  var gradient: Tensor
  /// The operation's inputs. Their values are there only if the operation saved them; their shapes always are.
  var inputs: [Tensor]
  /// The operation's output, under the same proviso.
  var output: Tensor
  /// Which inputs need a gradient; the others' may be `nil`.
  var needed: [Bool]
  /// The gradients that the inputs have so far.
  var earlier: EarlierGradients
  /// Whether this pass is itself recorded, for derivatives of derivatives. Fused forms then give way to composed ones.
  var isRecorded: Bool
}

/// The gradients that the inputs of an operation have from other operations. A pullback may take one and give back the sum,
/// which saves a pass over memory; what it leaves is added afterwards.
final class EarlierGradients {
  private var tensors: [Tensor?]

  init(_ tensors: [Tensor?]) { self.tensors = tensors }

  /// The gradient of one input, or nil if it has none or it was taken.
  func take(_ index: Int) -> Tensor? { tensors[index].take() }
}

typealias Pullback = @Sendable (PullbackContext) -> [Tensor?]

/// Which values an operation's derivative needs; the rest is let go at once.
struct SavedValues: OptionSet {
  let rawValue: Int
  static let inputs = SavedValues(rawValue: 1)
  static let output = SavedValues(rawValue: 2)
}

/// One operation that was executed on tensors with gradients.
///
/// Ids increase with time, so that descending ids are a reverse topological order. A node never captures tensors in its
/// pullback (that would be a cycle through the output); it stores them and passes them in.
final class Node: @unchecked Sendable {
  let id: UInt64
  private(set) var inputs: [Tensor]
  private let output: Tensor?
  private let outputShape: [Int]
  private let pullback: Pullback?

  private static let lastID = Atomic<UInt64>(0)

  /// A source: something a gradient is taken with respect to.
  init() {
    id = Self.lastID.add(1, ordering: .relaxed).newValue
    inputs = []
    output = nil
    outputShape = []
    pullback = nil
  }

  init(inputs: [Tensor], output: Tensor, saving saved: SavedValues, pullback: @escaping Pullback) {
    id = Self.lastID.add(1, ordering: .relaxed).newValue
    self.inputs =
      saved.contains(.inputs) ? inputs : inputs.map { Tensor(storage: .dropped, shape: $0.shape, node: $0.node) }
    self.output = saved.contains(.output) ? output : nil
    outputShape = output.shape
    self.pullback = pullback
  }

  /// The gradients of the inputs for the incoming gradient of the output.
  func pulledBack(
    _ gradient: Tensor, needed: [Bool], adding earlier: EarlierGradients, recorded: Bool
  ) -> [Tensor?] {
    guard let pullback else { return [] }
    // A recorded pass must see where the values came from; otherwise they are plain data and nothing is recorded.
    let output = Tensor(
      storage: self.output?.storage ?? .dropped, shape: outputShape, node: recorded ? self : nil)
    let context = PullbackContext(
      gradient: gradient, inputs: recorded ? inputs : inputs.map(\.withoutGradient), output: output, needed: needed,
      earlier: earlier, isRecorded: recorded)
    return pullback(context)
  }

  /// Lets go of the chain of inputs iteratively; recursion through ARC would overflow the stack on long graphs.
  deinit {
    guard !inputs.isEmpty else { return }
    var pending: [Node] = []
    Self.unlink(&inputs, into: &pending)
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) { Self.unlink(&node.inputs, into: &pending) }
    }
  }

  private static func unlink(_ inputs: inout [Tensor], into pending: inout [Node]) {
    for index in inputs.indices {
      if let node = inputs[index].node {
        inputs[index].node = nil
        pending.append(node)
      }
    }
    inputs = []
  }
}

extension Tensor {
  /// The result of an operation: recorded when any input carries a gradient, plain data otherwise.
  static func recorded(
    _ output: Tensor, from inputs: [Tensor], saving saved: SavedValues, pullback: @escaping Pullback
  ) -> Tensor {
    guard inputs.contains(where: { $0.node != nil }) else { return output }
    return Tensor(
      storage: output.storage, shape: output.shape,
      node: Node(inputs: inputs, output: output, saving: saved, pullback: pullback))
  }

  /// Whether derivatives with respect to some source can be taken of what is computed from this tensor.
  package var carriesGradient: Bool { node != nil }

  /// The same values as something gradients can be taken with respect to.
  public func gradientSource() -> Tensor { Tensor(storage: storage, shape: shape, node: Node()) }
}
