import CKernels

/// The extents of a normalisation of `[batch, space, channels]` over the space and the channels of each group.
/// Layer norm has `space = groups = 1`; batch norm has `batch = 1` and `groups = channels`.
public struct NormalizationGeometry: Sendable {
  public var batch, space, channels, groups: Int

  public init(batch: Int, space: Int, channels: Int, groups: Int) {
    require(
      channels <= 8192 && groups >= 1 && channels % groups == 0,
      "a normalisation needs at most 8192 channels, divisible into its groups; found \(channels) channels in \(groups) groups"
    )
    (self.batch, self.space, self.channels, self.groups) = (batch, space, channels, groups)
  }
}

/// `y = (x − mean) · rstd · gamma + beta`; also gives `mean` and `rstd = 1/√(variance + ε)`, each `[batch, groups]`.
public func normalize(
  _ g: NormalizationGeometry, epsilon: Float, _ x: UnsafePointer<Float>, gamma: UnsafePointer<Float>?,
  beta: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
  rstd: UnsafeMutablePointer<Float>
) {
  ck_normalize(g.batch, g.space, g.channels, g.groups, epsilon, x, gamma, beta, y, mean, rstd)
}

/// The gradients of `normalize` with respect to its input, `gamma` and `beta`; `scratch` holds `2 · channels` floats.
public func normalizeGradient(
  _ g: NormalizationGeometry, _ x: UnsafePointer<Float>, gamma: UnsafePointer<Float>?, mean: UnsafePointer<Float>,
  rstd: UnsafePointer<Float>, gradient dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>,
  gamma dgamma: UnsafeMutablePointer<Float>, beta dbeta: UnsafeMutablePointer<Float>,
  scratch: UnsafeMutablePointer<Float>
) {
  ck_normalize_gradient(
    g.batch, g.space, g.channels, g.groups, x, gamma, mean, rstd, dy, dx, dgamma, dbeta, scratch)
}
