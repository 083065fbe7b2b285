import CLineupKernels

/// Geometry of softmax attention with several heads: queries and results `[batch, queries, heads · width]`, keys and
/// values `[batch, keys, heads · width]`. Rows may be further apart than they are long, as in slices of one projection.
package struct AttentionGeometry: Sendable, Hashable {
  package var batch: Int
  package var heads: Int
  package var queries: Int
  package var keys: Int
  /// Features of one head.
  package var width: Int
  /// Floats from one row to the next, of the queries and so on. One sequence of a batch follows upon the other.
  package var queryRow: Int
  package var keyRow: Int
  package var valueRow: Int
  /// Whether query `i` sees the keys `j ≤ i` only.
  package var isCausal: Bool
  /// Vector length, for tests of those that this processor would not choose; 0 chooses.
  package var lanes = 0

  /// - Parameter rowStride: floats from row to row of queries, keys and values; by default they are packed.
  package init(
    batch: Int, heads: Int, queries: Int, keys: Int, width: Int, rowStride: Int? = nil, isCausal: Bool = false
  ) {
    (self.batch, self.heads, self.queries, self.keys, self.width) = (batch, heads, queries, keys, width)
    (queryRow, keyRow, valueRow) = (rowStride ?? heads * width, rowStride ?? heads * width, rowStride ?? heads * width)
    self.isCausal = isCausal
    require(
      heads > 0 && width > 0 && keys > 0,
      "Attention needs a head, a feature and a key, not \(heads) heads of \(width) features and \(keys) keys.")
  }

  /// Multiply-adds of one of the products: two forward, four backward.
  package var multiplyAdds: Int { batch * heads * queries * keys * width }

  /// Numbers kept for the way back: two for each query of each head.
  package var statisticsCount: Int { batch * heads * queries * 2 }

  var outputRow: Int { heads * width }

  /// The same for one head, in C.
  var head: ck_attention {
    ck_attention(
      queries: queries, keys: keys, width: width, query_row: queryRow, key_row: keyRow, value_row: valueRow,
      output_row: outputRow, scale: 1 / Float(width).squareRoot(), causal: isCausal ? 1 : 0, lanes: Int32(lanes))
  }
}
