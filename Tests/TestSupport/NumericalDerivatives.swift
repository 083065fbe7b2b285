import LineupTensors

/// Central differences of a scalar function of several tensors, in the order of the inputs.
package func centralDifferences(of function: ([Tensor]) -> Tensor, at inputs: [Tensor], step: Float) -> [[Double]] {
  inputs.indices.map { which in
    (0..<inputs[which].count).map { element in
      func moved(by amount: Float) -> (Double, Float) {
        var copy = inputs
        var values = copy[which].values
        values[element] += amount
        let actual = values[element]
        copy[which] = Tensor(values, shape: inputs[which].shape)
        return (Double(function(copy).scalar), actual)
      }
      let (above, upper) = moved(by: step)
      let (below, lower) = moved(by: -step)
      return (above - below) / Double(upper - lower)
    }
  }
}

/// The largest difference, relative to the largest magnitude in either list (or to 1 where all is tiny).
package func relativeError(_ a: [Double], _ b: [Double], floor: Double = 1e-2) -> Double {
  let scale = max(a.map(abs).max() ?? 0, b.map(abs).max() ?? 0, floor)
  return zip(a, b).map { abs($0 - $1) }.max().map { $0 / scale } ?? 0
}

package func relativeError(_ a: Tensor, _ b: Tensor, floor: Double = 1e-2) -> Double {
  relativeError(a.values.map(Double.init), b.values.map(Double.init), floor: floor)
}
