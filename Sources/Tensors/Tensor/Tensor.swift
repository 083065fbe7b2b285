import LineupKernels

/// An array of `Float` with a shape: contiguous, row-major, copy-on-write.
///
/// Images are `[batch, height, width, channels]`. A tensor that depends on a `gradientSource()` also carries the node of
/// the graph it came from, so that derivatives can be pulled back; all others are plain data.
public struct Tensor: Sendable {
  /// The extents, outermost first; a single number has shape `[]`.
  public let shape: [Int]
  var storage: Storage
  var node: Node?

  init(storage: Storage, shape: [Int], node: Node? = nil) {
    self.storage = storage
    self.shape = shape
    self.node = node
  }

  /// A tensor whose values `initialize` writes; it receives the uninitialised buffer and must fill all of it.
  public init(shape: [Int], initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    require(shape.allSatisfy { $0 >= 0 }, "a tensor cannot have the shape \(shape)")
    let count = shape.reduce(1, *)
    let storage = Storage(count: count)
    ExecutedWork.add(floats: count)
    try initialize(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
    self.init(storage: storage, shape: shape)
  }

  /// The values in row-major order, of the given shape.
  public init(_ values: [Float], shape: [Int]) {
    require(
      values.count == shape.reduce(1, *), "\(values.count) values cannot fill a tensor of shape \(shape)")
    self.init(shape: shape) { buffer in _ = buffer.initialize(from: values) }
  }

  /// A single number, of shape `[]`.
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  /// A tensor of one number throughout.
  public init(repeating value: Float, shape: [Int]) {
    self.init(shape: shape) { $0.initialize(repeating: value) }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: 0, shape: shape) }
  /// A tensor of ones.
  public static func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// A shape whose values are still to come: replaced, never read.
  public static func withoutValues(_ shape: [Int]) -> Tensor { Tensor(storage: .dropped, shape: shape) }

  /// The numbers of elements and of axes.
  public var count: Int { shape.reduce(1, *) }
  /// The number of axes.
  public var rank: Int { shape.count }

  /// A copy of the values in row-major order.
  public var values: [Float] { withValues { [Float]($0) } }

  /// The value of a tensor of one element.
  public var scalar: Float {
    require(count == 1, "a tensor of shape \(shape) is not a single number")
    return storage.pointer[0]
  }

  /// Lends the values in row-major order.
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: operand, count: count))
  }

  /// Where the values begin, for an operation to read.
  var operand: UnsafePointer<Float> {
    ExecutedWork.add(floats: count)
    return UnsafePointer(storage.pointer)
  }

  /// Lends the values for writing in place; shared storage is copied first. Not for tensors that carry a graph node.
  public mutating func withMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    require(node == nil, "the values of a tensor that carries a derivative cannot be changed in place")
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: count)
      copy.pointer.update(from: storage.pointer, count: count)
      storage = copy
    }
    ExecutedWork.add(floats: 2 * count)
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
  }

  /// The same values as plain data, cut off from any gradient.
  public var withoutGradient: Tensor { Tensor(storage: storage, shape: shape) }

  /// Whether every value is finite.
  public var isFinite: Bool { withValues { allFinite(count: $0.count, $0.baseAddress!) } }

  /// The strides of a contiguous tensor of this shape, in elements.
  static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// The index of an axis that may be counted from the end.
  func resolvedAxis(_ axis: Int) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    require((0..<rank).contains(resolved), "a tensor of shape \(shape) has no axis \(axis)")
    return resolved
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first numbers.
  public var description: String {
    let head = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)(\(head)\(count > 8 ? ", …" : ""))"
  }
}
