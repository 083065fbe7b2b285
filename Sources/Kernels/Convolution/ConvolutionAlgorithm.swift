/// How a convolution is computed.
enum ConvolutionAlgorithm: Sendable {
  /// One product; see `ProductConvolution`.
  case product
  /// Products of overlapping windows, any geometry; see `WindowConvolution`.
  case windows
  /// Products of copied patches, any geometry; see `PatchConvolution`.
  case patches
  /// Transformed tiles, fewer multiplications; see `WinogradConvolution`.
  case winograd
  /// A product to patches of results, which are then added up; see `ScatterConvolution`.
  case scatter
}

/// The table of shape rules. Figures are GFLOP/s on one core with AVX-512: of a Zen 5, batch 32, unless it says Zen 4, where
/// products reach 103.
extension ConvolutionAlgorithm {
  static func forward(_ g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    // Whatever the batch is, or what comes of an image would depend on its companions.
    if WinogradConvolution.canDo(g) { return .winograd }
    if hasAdjoint(g), isScatterWorthwhile(from: g.inputChannels, to: g.outputChannels) { return .scatter }
    return windowsOrPatches(g)
  }

  static func inputGradient(of g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    if isWinogradWorthwhile(g) { return .winograd }
    if isScatterWorthwhile(from: g.outputChannels, to: g.inputChannels) { return .scatter }
    return windowsOrPatches(g)
  }

  static func weightGradient(of g: ConvolutionGeometry) -> Self {
    if g.patchesAreRows { return .product }
    return isWinogradWorthwhile(g) ? .winograd : windowsOrPatches(g)
  }

  /// 3×3 with stride 1: windows give 130–250, Winograd 350–380 at 28 channels, 500 at 64, 550–700 at 128 and more. 4×4 with
  /// stride 2: 180–215 against 280–400. With fewer than 16 channels the transforms would need masks.
  ///
  /// Weights have to be transformed too, 36 numbers for each pair of channels, so wide layers need some tiles: at 512 channels
  /// on a Zen 4, one tile 49 to 60 against 94 to 110 with patches, two 88 to 124 against 101 to 110, four 148 to 154 against 84 to 103.
  /// The forward pass takes one tile all the same: batches of images of 4×4 are more often trained on than one is sampled.
  private static func isWinogradWorthwhile(_ g: ConvolutionGeometry) -> Bool {
    guard WinogradConvolution.canDo(g) else { return false }
    return WinogradConvolution(g).tiles >= 3 || g.inputChannels * g.outputChannels <= 256 * 256
  }

  /// On a Zen 4, 3×3: windows 14 to 51 and patches 72 to 100 from 1024 channels to 512, 32 to 75 and 82 to 100 at 512 (one
  /// 4×4 image); with stride 2, 59 to 96 and 100 to 105 at 320, 92 to 101 and 82 to 94 at 128, 87 to 99 and 55 to 87 at 64.
  private static func windowsOrPatches(_ g: ConvolutionGeometry) -> Self {
    g.inputChannels * g.outputChannels > 160 * 160 ? .patches : .windows
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
