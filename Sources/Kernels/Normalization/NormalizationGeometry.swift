/// The extents of a normalisation of `[batch, space, channels]` over the space and the channels of each group.
/// Layer norm has `space = groups = 1`; batch norm has `batch = 1` and `groups = channels`.
package struct NormalizationGeometry: Sendable {
  package var batch, space, channels, groups: Int

  package init(batch: Int, space: Int, channels: Int, groups: Int) {
    require(
      channels <= 8192 && groups >= 1 && channels % groups == 0,
      "a normalisation needs at most 8192 channels, divisible into its groups; found \(channels) channels in \(groups) groups"
    )
    (self.batch, self.space, self.channels, self.groups) = (batch, space, channels, groups)
  }

  /// Whether each row is normalised alone.
  package var isOfRows: Bool { space == 1 && groups == 1 }

  /// Floats of a block of rows, about: small enough to stay in a second-level cache from one pass to the next, and a
  /// constant, so that sums have the same order on any number of threads.
  private static let blockFloats = 1 << 15

  /// Rows of one image that a task looks at together.
  var blockRows: Int { min(space, max(1, Self.blockFloats / channels)) }
  var blocks: Int { (space + blockRows - 1) / blockRows }

  /// The rows of one block.
  func rows(of block: Int) -> Range<Int> { block * blockRows..<min(space, (block + 1) * blockRows) }

  /// Whether one task takes an image through all passes while it is in cache; larger images are shared.
  var imagesStayWhole: Bool { space * channels <= 4 * Self.blockFloats && batch > 1 }

  /// Images that make a task worth starting.
  var imagesPerTask: Int { max(1, Self.blockFloats / max(1, space * channels)) }
}

/// What a normalisation does after (and before) `x̂ = (x − mean) / √(variance + ε)`:
/// `activation(x̂ · gamma · (1 + factor) + beta · (1 + factor) + offset)`, with `shift` added to `x` first.
package struct NormalizationTerms {
  /// `[channels]`.
  package var gamma, beta: UnsafePointer<Float>
  /// `[batch, channels]`, or none.
  package var shift, factor, offset: UnsafePointer<Float>?
  /// Whether SiLU follows.
  package var activates: Bool

  package init(
    gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>, shift: UnsafePointer<Float>? = nil,
    factor: UnsafePointer<Float>? = nil, offset: UnsafePointer<Float>? = nil, activates: Bool = false
  ) {
    (self.gamma, self.beta, self.shift, self.factor, self.offset) = (gamma, beta, shift, factor, offset)
    self.activates = activates
  }
}

/// What the way back needs to know: means and 1/√(variance + ε) of the groups of `x + shift`, each `[batch, groups]`, and,
/// where there is a shift, the means of the channels of `x`, `[batch, channels]`.
package struct NormalizationStatistics {
  package var mean, rstd: UnsafeMutablePointer<Float>
  package var channelMean: UnsafeMutablePointer<Float>?

  package init(
    mean: UnsafeMutablePointer<Float>, rstd: UnsafeMutablePointer<Float>,
    channelMean: UnsafeMutablePointer<Float>? = nil
  ) {
    (self.mean, self.rstd, self.channelMean) = (mean, rstd, channelMean)
  }
}
