import Kernels

extension Tensor {
  /// Images `[batch, height, width, channels]` enlarged by repeating each pixel `factor` times in both directions.
  public func upsampledNearest(by factor: Int) -> Tensor {
    require(rank == 4 && factor >= 1, "cannot enlarge a tensor of shape \(shape) \(factor) times")
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    return reshaped(to: [b, h, 1, w, 1, c]).broadcast(to: [b, h, factor, w, factor, c])
      .reshaped(to: [b, h * factor, w * factor, c])
  }

  /// The mean over blocks of `factor × factor` pixels.
  public func averagePooled(by factor: Int) -> Tensor {
    require(
      rank == 4 && shape[1] % factor == 0 && shape[2] % factor == 0,
      "images of shape \(shape) do not divide into blocks of \(factor) × \(factor)")
    let (b, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    return reshaped(to: [b, h, factor, w, factor, c]).mean(overAxes: [2, 4])
  }

  /// Blocks of `factor × factor` pixels turned into channels, ordered channel first, then row and column in the block
  /// (PyTorch's `pixel_unshuffle`).
  public func pixelsUnshuffled(by factor: Int) -> Tensor {
    let (b, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    return reshaped(to: [b, h, factor, w, factor, c]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped(to: [b, h, w, c * factor * factor])
  }

  /// The inverse of `pixelsUnshuffled(by:)`.
  public func pixelsShuffled(by factor: Int) -> Tensor {
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3] / (factor * factor))
    return reshaped(to: [b, h, w, c, factor, factor]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped(to: [b, h * factor, w * factor, c])
  }
}
