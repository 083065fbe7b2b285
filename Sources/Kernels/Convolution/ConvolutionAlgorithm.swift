/// How a convolution is computed, in all three directions.
enum ConvolutionAlgorithm: Sendable {
  /// One product; see `PointwiseConvolution`.
  case product
  /// Products of overlapping windows, any geometry; see `WindowConvolution`.
  case windows
  /// Transformed 6×6 tiles; see `WinogradConvolution`.
  case winograd

  /// The table of shape rules.
  static func choose(for g: ConvolutionGeometry) -> Self {
    if g.isPointwise { return .product }
    let isThreeByThree = g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1
    let reach = 2
    if isThreeByThree, max(g.padTop, g.padBottom, g.padLeft, g.padRight) <= reach, g.batch > 0,
      min(g.inputChannels, g.outputChannels) >= WinogradConvolution.minimumChannels
    {
      return .winograd
    }
    return .windows
  }
}

extension ConvolutionGeometry {
  /// The geometry from the output gradient to the input gradient, a convolution too. Only for stride 1 and no more padding
  /// than the kernel reaches.
  var adjoint: ConvolutionGeometry {
    let (reachY, reachX) = (kernelHeight - 1, kernelWidth - 1)
    return ConvolutionGeometry(
      batch: batch, inputHeight: outputHeight, inputWidth: outputWidth, inputChannels: outputChannels,
      outputChannels: inputChannels, kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideHeight: 1,
      strideWidth: 1, padTop: reachY - padTop, padBottom: reachY - padBottom, padLeft: reachX - padLeft,
      padRight: reachX - padRight)
  }
}
