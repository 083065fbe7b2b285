/// The matrices that a pass multiplies its tiles by: the weights of the forward pass, or of one phase of the input gradient.
struct WinogradMatrices {
  let weights: WinogradWeights
  let weight: UnsafePointer<Float>
  /// nil for the forward pass.
  let adjointPhase: Int?

  /// Planes of these rows (channels of the source) and columns (channels of the result).
  func transform(rows: Range<Int>, columns: Range<Int>, into planes: UnsafeMutablePointer<Float>, plane: Int) {
    if let adjointPhase {
      weights.transformAdjoint(weight, phase: adjointPhase, rows: rows, columns: columns, into: planes, plane: plane)
    } else {
      weights.transform(weight, rows: rows, columns: columns, into: planes, plane: plane)
    }
  }

  /// Asks for one of `shares` shares of what `transform` would read.
  func prefetch(rows: Range<Int>, columns: Range<Int>, share: Int, of shares: Int) {
    weights.prefetch(
      weight, adjointPhase: adjointPhase, rows: rows, columns: columns, share: share, of: shares)
  }
}
