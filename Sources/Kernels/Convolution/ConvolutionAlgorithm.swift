/// How a convolution is computed. `Convolution.swift` asks `choose` once per call and direction.
enum ConvolutionAlgorithm: Sendable {
  /// Patches as rows of a matrix, any geometry; see `ColumnConvolution`.
  case columns
  /// Transformed 6×6 tiles, 3×3 kernels with stride 1; see `WinogradConvolution`.
  case winograd

  /// The table of shape rules for the forward pass and, with input and output exchanged, the input gradient.
  static func choose(for g: ConvolutionGeometry) -> Self {
    isWinogradPossible(g) ? .winograd : .columns
  }

  /// The table of shape rules for the weight gradient.
  static func chooseForWeightGradient(of g: ConvolutionGeometry) -> Self {
    isWinogradPossible(g) && g.batch > 0 ? .winograd : .columns
  }

  private static func isWinogradPossible(_ g: ConvolutionGeometry) -> Bool {
    g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1
      && min(g.inputChannels, g.outputChannels) >= WinogradConvolution.minimumChannels
  }
}

extension ConvolutionGeometry {
  /// The convolution of the output gradient with flipped weights that gives the input gradient, where one exists: stride
  /// 1 and no more padding than the kernel reaches.
  var adjoint: ConvolutionGeometry? {
    let (reachY, reachX) = (kernelHeight - 1, kernelWidth - 1)
    guard strideHeight == 1, strideWidth == 1, max(padTop, padBottom) <= reachY, max(padLeft, padRight) <= reachX
    else { return nil }
    return ConvolutionGeometry(
      batch: batch, inputHeight: outputHeight, inputWidth: outputWidth, inputChannels: outputChannels,
      outputChannels: inputChannels, kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideHeight: 1,
      strideWidth: 1, padTop: reachY - padTop, padBottom: reachY - padBottom, padLeft: reachX - padLeft,
      padRight: reachX - padRight)
  }
}
