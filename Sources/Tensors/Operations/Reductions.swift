import LineupKernels

extension Tensor {
  /// The sum of all elements, of shape `[]`.
  public func sum() -> Tensor { sum(overAxes: Array(shape.indices)) }

  /// The mean of all elements, of shape `[]`.
  public func mean() -> Tensor { sum().scaled(by: 1 / Float(count)) }

  /// The mean over some axes, which are dropped or kept with extent 1.
  public func mean(overAxes axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let share = axes.map { shape[resolvedAxis($0)] }.reduce(1, *)
    return sum(overAxes: axes, keepingAxes: keepingAxes).scaled(by: 1 / Float(share))
  }

  /// The sum over some axes, which are dropped or kept with extent 1.
  public func sum(overAxes axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let axes = Set(axes.map(resolvedAxis))
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    let output = folded(.sum, over: axes, to: kept)
    let recorded = Tensor.recorded(output, from: [self], saving: []) { c in
      [c.gradient.broadcast(to: c.inputs[0].shape)]
    }
    if keepingAxes { return recorded }
    return recorded.reshaped(to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// The largest element along the last axis, which is kept with extent 1; plain data without a gradient.
  public func maximumOfLastAxis() -> Tensor {
    folded(.maximum, over: [rank - 1], to: shape.dropLast() + [1])
  }

  /// The index of the largest element along the last axis, row by row.
  public func indicesOfMaximum() -> [Int32] {
    let width = shape[rank - 1]
    return withValues { values in
      (0..<count / width).map { row in
        var best = 0
        for column in 1..<width where values[row * width + column] > values[row * width + best] { best = column }
        return Int32(best)
      }
    }
  }

  /// Folds runs of neighbouring axes one after the other, innermost first.
  private func folded(_ reduction: Reduction, over axes: Set<Int>, to kept: [Int]) -> Tensor {
    var current = withoutGradient
    var axis = rank - 1
    while axis >= 0 {
      guard axes.contains(axis), current.shape[axis] != 1 else {
        axis -= 1
        continue
      }
      var first = axis
      while first > 0, axes.contains(first - 1) || current.shape[first - 1] == 1 { first -= 1 }
      let outer = current.shape[..<first].reduce(1, *)
      let middle = current.shape[first...axis].reduce(1, *)
      let inner = current.shape[(axis + 1)...].reduce(1, *)
      var shape = current.shape
      for index in first...axis { shape[index] = 1 }
      current = Tensor(shape: shape) { out in
        current.withValues { values in
          guard !out.isEmpty else { return }
          guard !values.isEmpty else { return out.initialize(repeating: 0) }
          reduce(
            reduction, outer: outer, middle: middle, inner: inner, values.baseAddress!, into: out.baseAddress!)
        }
      }
      axis = first - 1
    }
    return Tensor(storage: current.storage, shape: kept)
  }
}
