import LineupKernels

extension Tensor {
  /// Rows of a table `[rows, …]` by index; the result is `[indices.count, …]`.
  public func gatheredRows(_ indices: [Int32]) -> Tensor {
    let rows = shape[0]
    let width = count / max(shape[0], 1)
    require(
      indices.allSatisfy { $0 >= 0 && $0 < rows }, "a row index lies outside a table of shape \(shape)")
    let output = Tensor(shape: [indices.count] + shape.dropFirst()) { out in
      withValues { table in
        guard !out.isEmpty else { return }
        gatherRows(indices, width: width, from: table.baseAddress!, into: out.baseAddress!)
      }
    }
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.scatteredRows(indices, count: rows)] }
  }

  /// A table of `count` rows into which this tensor's rows are added at their indices: the transpose of gathering.
  func scatteredRows(_ indices: [Int32], count rows: Int) -> Tensor {
    let width = count / max(indices.count, 1)
    var output = Tensor.zeros([rows] + shape.dropFirst())
    output.withMutableValues { table in
      withValues { values in
        guard !values.isEmpty else { return }
        scatterAddRows(indices, width: width, values.baseAddress!, into: table.baseAddress!)
      }
    }
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.gatheredRows(indices)] }
  }
}
