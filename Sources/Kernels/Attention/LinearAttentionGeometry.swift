import CLineupKernels

/// Geometry of linear attention over the pixels of images `[batch, pixels, channels]`.
package struct LinearAttentionGeometry: Sendable, Hashable {
  package var batch: Int
  package var pixels: Int
  package var channels: Int
  package var heads: Int
  /// Features of one head, at most `maximumWidth`.
  package var width: Int
  /// Vector length, for tests of those that this processor would not choose; 0 chooses.
  package var lanes = 0

  /// The widest head that the kernels take.
  package static let maximumWidth = Int(CK_LINEAR_ATTENTION_WIDTH)

  package init(batch: Int, pixels: Int, channels: Int, heads: Int, width: Int) {
    (self.batch, self.pixels, self.channels, self.heads, self.width) = (batch, pixels, channels, heads, width)
    require(
      heads > 0 && channels > 0 && (1...Self.maximumWidth).contains(width),
      "Linear attention needs a channel, a head and 1 to \(Self.maximumWidth) features, not \(channels) channels and "
        + "\(heads) heads of \(width) features.")
  }

  /// Multiply-adds of one product of attention: two forward, four backward.
  package var multiplyAdds: Int { batch * heads * pixels * width * width }

  /// Multiply-adds of the projection: once forward, twice backward.
  package var projectionMultiplyAdds: Int { batch * pixels * channels * 3 * heads * width }

  /// Numbers kept for the way back: for each head its context, and two for each feature.
  package var statisticsCount: Int { batch * heads * (width + 2) * width }
}
