import CKernels

/// Geometry of linear attention over the pixels of images `[batch, pixels, channels]`.
public struct LinearAttentionGeometry: Sendable, Hashable {
  public var batch: Int
  public var pixels: Int
  public var channels: Int
  public var heads: Int
  /// Features of one head, at most `maximumWidth`.
  public var width: Int
  /// Vector length, for tests of those that this processor would not choose; 0 chooses.
  package var lanes = 0

  /// The widest head that the kernels take.
  public static let maximumWidth = Int(CK_LINEAR_ATTENTION_WIDTH)

  public init(batch: Int, pixels: Int, channels: Int, heads: Int, width: Int) {
    (self.batch, self.pixels, self.channels, self.heads, self.width) = (batch, pixels, channels, heads, width)
    require(
      heads > 0 && channels > 0 && (1...Self.maximumWidth).contains(width),
      "Linear attention needs a channel, a head and 1 to \(Self.maximumWidth) features, not \(channels) channels and "
        + "\(heads) heads of \(width) features.")
  }

  /// Multiply-adds of one product of attention: two forward, four backward.
  public var multiplyAdds: Int { batch * heads * pixels * width * width }

  /// Multiply-adds of the projection: once forward, twice backward.
  public var projectionMultiplyAdds: Int { batch * pixels * channels * 3 * heads * width }

  /// Numbers kept for the way back: for each head its context, and two for each feature.
  public var statisticsCount: Int { batch * heads * (width + 2) * width }
}
