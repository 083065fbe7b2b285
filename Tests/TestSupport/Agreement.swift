import LineupTensors
import Testing

/// Records an issue unless two tensors have one shape and agree within `tolerance` times the largest expected value.
package func expectAgreement(
  _ found: Tensor, _ expected: Tensor, tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
  guard found.shape == expected.shape else { return }
  #expect(difference(found, expected) <= tolerance, sourceLocation: sourceLocation)
}

/// The largest difference of two tensors of one shape over the largest magnitude in the second.
package func difference(_ found: Tensor, _ expected: Tensor) -> Float {
  let worst = zip(found.values, expected.values).map { Swift.abs($0 - $1) }.max() ?? 0
  return worst / max(expected.values.map { Swift.abs($0) }.max() ?? 1, 1e-6)
}
