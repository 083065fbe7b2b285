import LineupKernels

extension Tensor {
  /// The same values in another shape; one extent may be −1 and is then worked out.
  public func reshaped(to target: [Int]) -> Tensor {
    var shape = target
    if let open = shape.firstIndex(of: -1) {
      let known = shape.reduce(1, *) * -1
      require(known > 0 && count % known == 0, "cannot reshape \(self.shape) to \(target)")
      shape[open] = count / known
    }
    require(shape.reduce(1, *) == count, "cannot reshape \(self.shape) to \(target)")
    if shape == self.shape { return self }
    return .recorded(Tensor(storage: storage, shape: shape), from: [self], saving: []) { c in
      [c.gradient.reshaped(to: c.inputs[0].shape)]
    }
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) -> Tensor {
    require(order.sorted() == Array(shape.indices), "\(order) is no order of the axes of shape \(shape)")
    let own = Self.contiguousStrides(shape)
    let output = read(shape: order.map { shape[$0] }, strides: order.map { own[$0] })
    return .recorded(output, from: [self], saving: []) { c in
      var inverse = order
      for (index, axis) in order.enumerated() { inverse[axis] = index }
      return [c.gradient.permuted(inverse)]
    }
  }

  /// The last two axes exchanged.
  public func transposed() -> Tensor {
    require(rank >= 2, "only a tensor of two axes or more can be transposed, not one of shape \(shape)")
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// The values repeated along axes of extent 1 (or new leading ones) to fill `target`.
  public func broadcast(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let lead = target.count - rank
    require(
      lead >= 0 && shape.indices.allSatisfy { shape[$0] == 1 || shape[$0] == target[$0 + lead] },
      "cannot broadcast shape \(shape) to \(target)")
    return .recorded(
      read(shape: target, strides: broadcastStrides(shape, to: target)), from: [self], saving: []
    ) { c in [c.gradient.summed(to: c.inputs[0].shape)] }
  }

  /// The part of one axis that lies in `range`.
  public func sliced(_ axis: Int, _ range: Range<Int>) -> Tensor {
    let axis = resolvedAxis(axis)
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "the range \(range) lies outside axis \(axis) of shape \(shape)")
    if range.count == shape[axis] { return self }
    let own = Self.contiguousStrides(shape)
    var target = shape
    target[axis] = range.count
    let full = shape[axis]
    return .recorded(
      read(shape: target, strides: own, offset: range.lowerBound * own[axis]), from: [self], saving: []
    ) { c in
      [c.gradient.padded(axis, before: range.lowerBound, after: full - range.upperBound)]
    }
  }

  /// Zeros put before and after one axis.
  public func padded(_ axis: Int, before: Int, after: Int) -> Tensor {
    let axis = resolvedAxis(axis)
    require(before >= 0 && after >= 0, "padding by \(before) and \(after) is not possible")
    if before == 0, after == 0 { return self }
    var target = shape
    target[axis] += before + after
    let strides = Self.contiguousStrides(target)
    var output = Tensor.zeros(target)
    output.write(self, strides: strides, offset: before * strides[axis])
    let inside = before..<(before + shape[axis])
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.sliced(axis, inside)] }
  }

  /// Zeros put around the images of `[batch, height, width, channels]`.
  public func paddedImages(top: Int, bottom: Int, left: Int, right: Int) -> Tensor {
    padded(1, before: top, after: bottom).padded(2, before: left, after: right)
  }

  /// Equal parts along one axis.
  public func split(into parts: Int, along axis: Int) -> [Tensor] {
    let axis = resolvedAxis(axis)
    require(shape[axis] % parts == 0, "axis \(axis) of shape \(shape) does not split into \(parts) equal parts")
    let extent = shape[axis] / parts
    return (0..<parts).map { sliced(axis, $0 * extent..<($0 + 1) * extent) }
  }

  /// A contiguous copy read with strides from an offset, without recording.
  private func read(shape target: [Int], strides: [Int], offset: Int = 0) -> Tensor {
    Tensor(shape: target) { out in
      withValues { values in
        guard !out.isEmpty else { return }
        gatherStrided(shape: target, values.baseAddress! + offset, strides: strides, into: out.baseAddress!)
      }
    }
  }

  /// Writes a tensor's values at an offset with strides.
  fileprivate mutating func write(_ part: Tensor, strides: [Int], offset: Int) {
    withMutableValues { target in
      part.withValues { values in
        guard !values.isEmpty else { return }
        scatterStrided(
          shape: part.shape, values.baseAddress!, into: target.baseAddress! + offset, strides: strides)
      }
    }
  }
}

/// Tensors joined along one axis; all other extents must agree.
public func concatenated(_ parts: [Tensor], along axis: Int) -> Tensor {
  require(!parts.isEmpty, "there is nothing to concatenate")
  if parts.count == 1 { return parts[0] }
  let axis = parts[0].resolvedAxis(axis)
  var shape = parts[0].shape
  shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
  for part in parts {
    var other = part.shape
    other[axis] = shape[axis]
    require(other == shape, "cannot concatenate \(parts.map(\.shape)) along axis \(axis)")
  }
  let strides = Tensor.contiguousStrides(shape)
  var output = Tensor(shape: shape) { _ in }
  var start = 0
  for part in parts {
    output.write(part, strides: strides, offset: start * strides[axis])
    start += part.shape[axis]
  }
  return .recorded(output, from: parts, saving: []) { c in
    var start = 0
    return c.inputs.enumerated().map { index, input in
      defer { start += input.shape[axis] }
      return c.needed[index] ? c.gradient.sliced(axis, start..<start + input.shape[axis]) : nil
    }
  }
}
