import LineupKernels

/// The shape that two operands have together under broadcasting, as in NumPy.
private func broadcastShape(_ a: [Int], _ b: [Int], _ operation: String) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  return (0..<rank).map { axis in
    let left = axis - (rank - a.count) < 0 ? 1 : a[axis - (rank - a.count)]
    let right = axis - (rank - b.count) < 0 ? 1 : b[axis - (rank - b.count)]
    require(left == right || left == 1 || right == 1, "cannot \(operation) tensors of shapes \(a) and \(b)")
    return left == 1 ? right : left
  }
}

/// The strides with which a contiguous tensor is read as if it had the larger shape: 0 along repeated axes.
func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
  let own = Tensor.contiguousStrides(shape)
  let lead = target.count - shape.count
  return target.indices.map { axis in
    axis < lead || shape[axis - lead] == 1 && target[axis] != 1 ? 0 : own[axis - lead]
  }
}

/// An elementwise function of two tensors, without recording.
func elementwise(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ name: String) -> Tensor {
  let shape = broadcastShape(a.shape, b.shape, name)
  return Tensor(shape: shape) { out in
    guard !out.isEmpty else { return }
    a.withValues { left in
      b.withValues { right in
        apply(
          function, shape: shape, left.baseAddress!, strides: broadcastStrides(a.shape, to: shape),
          right.baseAddress!, strides: broadcastStrides(b.shape, to: shape), into: out.baseAddress!)
      }
    }
  }
}

extension Tensor {
  /// Sums over the axes along which `shape` was repeated: the derivative of broadcasting.
  func summed(to shape: [Int]) -> Tensor {
    if self.shape == shape { return self }
    let lead = rank - shape.count
    let axes = self.shape.indices.filter { $0 < lead || shape[$0 - lead] == 1 && self.shape[$0] != 1 }
    return sum(overAxes: axes, keepingAxes: true).reshaped(to: shape)
  }

  /// The sum, each axis of length 1 stretched to the other operand's.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    .recorded(elementwise(.add, a, b, "add"), from: [a, b], saving: []) { c in
      [
        c.needed[0] ? c.gradient.summed(to: c.inputs[0].shape) : nil,
        c.needed[1] ? c.gradient.summed(to: c.inputs[1].shape) : nil,
      ]
    }
  }

  /// The difference, each axis of length 1 stretched to the other operand's.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    .recorded(elementwise(.subtract, a, b, "subtract"), from: [a, b], saving: []) { c in
      [
        c.needed[0] ? c.gradient.summed(to: c.inputs[0].shape) : nil,
        c.needed[1] ? -c.gradient.summed(to: c.inputs[1].shape) : nil,
      ]
    }
  }

  /// The product element by element, each axis of length 1 stretched to the other operand's.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    .recorded(elementwise(.multiply, a, b, "multiply"), from: [a, b], saving: .inputs) { c in
      [
        c.needed[0] ? (c.gradient * c.inputs[1]).summed(to: c.inputs[0].shape) : nil,
        c.needed[1] ? (c.gradient * c.inputs[0]).summed(to: c.inputs[1].shape) : nil,
      ]
    }
  }

  /// The quotient element by element, each axis of length 1 stretched to the other operand's.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    .recorded(elementwise(.divide, a, b, "divide"), from: [a, b], saving: .inputs) { c in
      let slope = c.gradient / c.inputs[1]
      return [
        c.needed[0] ? slope.summed(to: c.inputs[0].shape) : nil,
        c.needed[1] ? -(slope * c.inputs[0] / c.inputs[1]).summed(to: c.inputs[1].shape) : nil,
      ]
    }
  }

  /// `scale · self + offset`.
  public func scaled(by scale: Float, plus offset: Float = 0) -> Tensor {
    let output = Tensor(shape: shape) { out in
      withValues { x in
        guard !x.isEmpty else { return }
        applyAffine(count: x.count, x.baseAddress!, scale: scale, offset: offset, into: out.baseAddress!)
      }
    }
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.scaled(by: scale)] }
  }

  /// Every number with the other sign.
  public static prefix func - (x: Tensor) -> Tensor { x.scaled(by: -1) }
  /// The number added to every element.
  public static func + (x: Tensor, number: Float) -> Tensor { x.scaled(by: 1, plus: number) }
  /// The number added to every element.
  public static func + (number: Float, x: Tensor) -> Tensor { x.scaled(by: 1, plus: number) }
  /// The number taken from every element.
  public static func - (x: Tensor, number: Float) -> Tensor { x.scaled(by: 1, plus: -number) }
  /// Every element taken from the number.
  public static func - (number: Float, x: Tensor) -> Tensor { x.scaled(by: -1, plus: number) }
  /// Every element times the number.
  public static func * (x: Tensor, number: Float) -> Tensor { x.scaled(by: number) }
  /// Every element times the number.
  public static func * (number: Float, x: Tensor) -> Tensor { x.scaled(by: number) }
  /// Every element times the number's reciprocal.
  public static func / (x: Tensor, number: Float) -> Tensor { x.scaled(by: 1 / number) }
  /// The number divided by every element.
  public static func / (number: Float, x: Tensor) -> Tensor { reciprocal(x).scaled(by: number) }
  /// Adds `y` to `x`.
  public static func += (x: inout Tensor, y: Tensor) { x = x + y }
  /// Takes `y` from `x`.
  public static func -= (x: inout Tensor, y: Tensor) { x = x - y }
  /// Multiplies `x` by `y`, element by element.
  public static func *= (x: inout Tensor, y: Tensor) { x = x * y }
}

/// The larger of two tensors, element by element; the gradient goes to the larger one, to the first where they are equal.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  .recorded(elementwise(.maximum, a, b, "compare"), from: [a, b], saving: .inputs) { c in
    let first = c.inputs[0].withoutGradient
    let second = c.inputs[1].withoutGradient
    let secondWins = relu(signs(second - first))
    return [
      c.needed[0] ? (c.gradient * (1 - secondWins)).summed(to: c.inputs[0].shape) : nil,
      c.needed[1] ? (c.gradient * secondWins).summed(to: c.inputs[1].shape) : nil,
    ]
  }
}

/// The smaller of two tensors, element by element.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { -maximum(-a, -b) }

/// The larger of each element and the number.
public func maximum(_ a: Tensor, _ number: Float) -> Tensor { maximum(a, Tensor(number)) }
/// The smaller of each element and the number.
public func minimum(_ a: Tensor, _ number: Float) -> Tensor { minimum(a, Tensor(number)) }

extension Tensor {
  /// The values held between two bounds; the gradient passes inside and stops outside.
  public func clamped(to range: ClosedRange<Float>) -> Tensor {
    maximum(minimum(self, range.upperBound), range.lowerBound)
  }
}
