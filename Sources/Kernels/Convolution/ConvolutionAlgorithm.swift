/// How a convolution is computed.
enum ConvolutionAlgorithm: Sendable {
  /// One product; see `ProductConvolution`.
  case product
  /// Products of overlapping windows, any geometry; see `WindowConvolution`.
  case windows
  /// Transformed 6×6 tiles; see `WinogradConvolution`.
  case winograd
  /// A product to patches of results, which are then added up; see `ScatterConvolution`.
  case scatter
}

/// The table of shape rules. Figures are GFLOP/s on one core with AVX-512, batch 32.
extension ConvolutionAlgorithm {
  static func forward(_ g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    if isWinogradWorthwhile(g) { return .winograd }
    if hasAdjoint(g), isScatterWorthwhile(from: g.inputChannels, to: g.outputChannels) { return .scatter }
    return .windows
  }

  static func inputGradient(of g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    if isWinogradWorthwhile(g) { return .winograd }
    if isScatterWorthwhile(from: g.outputChannels, to: g.inputChannels) { return .scatter }
    return .windows
  }

  static func weightGradient(of g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    return isWinogradWorthwhile(g) ? .winograd : .windows
  }

  /// 3×3 with stride 1. Windows give 130–250; Winograd 200–280 at 24 channels, 350–470 at 48 and 14×14, 550–720 at 96 and
  /// more. At 16 channels (320 against 160) the transforms take most of the time; with fewer they would need masks.
  private static func isWinogradWorthwhile(_ g: ConvolutionGeometry) -> Bool {
    g.kernelHeight == 3 && g.kernelWidth == 3 && hasAdjoint(g) && g.batch > 0
      && min(g.inputChannels, g.outputChannels) >= WinogradConvolution.minimumChannels
  }

  /// One to four resulting channels. 4×4 with stride 2 back from 64 channels to 1: 77 against 27 with windows; 7×7 back
  /// from 28 to 1: 62 against 34; but 3×3 from 8 to 1: 12 against 23.
  private static func isScatterWorthwhile(from source: Int, to result: Int) -> Bool {
    result <= 4 && source >= 16
  }

  private static func hasAdjoint(_ g: ConvolutionGeometry) -> Bool {
    g.strideHeight == 1 && g.strideWidth == 1 && max(g.padTop, g.padBottom) < g.kernelHeight
      && max(g.padLeft, g.padRight) < g.kernelWidth
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
