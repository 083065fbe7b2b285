import CLineupKernels

/// 3×3 convolution with stride 1 by Winograd's F(4×4, 3×3), a quarter of the multiplications; and 4×4 with stride 2 by
/// F(4×4, 2×2), two fifths of them.
///
/// Each direction is: transform tiles of pixels to planes, multiply plane by plane, transform back. With stride 2 the even
/// and the odd rows and columns of an image are four images ("phases") that meet a quarter of the taps each, with stride 1.
struct WinogradConvolution {
  /// The least number of channels that the transforms can work on.
  static let minimumChannels = Int(CK_WINOGRAD_LANES)

  let g: ConvolutionGeometry
  let taps: WinogradTaps

  init(_ g: ConvolutionGeometry) {
    self.g = g
    taps = g.strideHeight == 1 ? .three : .two
  }

  /// Whether the kernel and stride are among those that this can do.
  static func canDo(_ g: ConvolutionGeometry) -> Bool {
    let kernels = [1: 3, 2: 4]
    return g.strideHeight == g.strideWidth && kernels[g.strideHeight] == g.kernelHeight
      && g.kernelWidth == g.kernelHeight && min(g.inputChannels, g.outputChannels) >= minimumChannels && g.batch > 0
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    let weights = WinogradMatrices(weights: WinogradWeights(g, taps: taps), weight: weight, adjointPhase: nil)
    WinogradPass(taps: taps, sources: inputTilings, target: outputTiling).run(
      source: input, result: output, bias: bias, weights: weights)
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    for phase in 0..<phases {
      let weights = WinogradMatrices(weights: WinogradWeights(g, taps: taps), weight: weight, adjointPhase: phase)
      let (source, target) = adjointTilings(phase: phase)
      guard target.tiles_y * target.tiles_x > 0 else { continue }
      WinogradPass(taps: taps, sources: [source], target: target).run(
        source: outputGradient, result: inputGradient, bias: nil, weights: weights)
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    WinogradCorrelation(
      taps: taps, left: inputTilings, right: outputTiling, weights: WinogradWeights(g, taps: taps)
    ).run(left: input, right: outputGradient, into: weightGradient)
  }

  private var phases: Int { g.strideHeight * g.strideWidth }

  /// Tiles of the output over the batch.
  var tiles: Int { g.batch * tileRows.tiles * tileColumns.tiles }

  private var tileRows: WinogradAxis { WinogradAxis(size: g.outputHeight) }
  private var tileColumns: WinogradAxis { WinogradAxis(size: g.outputWidth) }

  /// The inputs that each output tile sees, a tiling for each phase.
  private var inputTilings: [ck_tiling] {
    (0..<phases).map { phase in
      ck_tiling(
        batch: g.batch, height: g.inputHeight, width: g.inputWidth, channels: g.inputChannels, rows: tileRows,
        columns: tileColumns, padTop: g.padTop - phase / g.strideWidth, padLeft: g.padLeft - phase % g.strideWidth,
        stride: g.strideHeight)
    }
  }

  private var outputTiling: ck_tiling {
    ck_tiling(
      batch: g.batch, height: g.outputHeight, width: g.outputWidth, channels: g.outputChannels, rows: tileRows,
      columns: tileColumns, padTop: 0, padLeft: 0, stride: 1)
  }

  /// The input pixels of one phase, and the output gradients that each tile of them sees.
  private func adjointTilings(phase: Int) -> (source: ck_tiling, target: ck_tiling) {
    let rows = AdjointAxis(
      phase: phase / g.strideWidth, stride: g.strideHeight, pad: g.padTop, size: g.inputHeight, taps: taps.count)
    let columns = AdjointAxis(
      phase: phase % g.strideWidth, stride: g.strideWidth, pad: g.padLeft, size: g.inputWidth, taps: taps.count)
    func tiling(_ height: Int, _ width: Int, _ channels: Int, _ padTop: Int, _ padLeft: Int, _ stride: Int) -> ck_tiling
    {
      ck_tiling(
        batch: g.batch, height: height, width: width, channels: channels, rows: rows.tiles, columns: columns.tiles,
        padTop: padTop, padLeft: padLeft, stride: stride)
    }
    return (
      tiling(g.outputHeight, g.outputWidth, g.outputChannels, rows.sourcePad, columns.sourcePad, 1),
      tiling(g.inputHeight, g.inputWidth, g.inputChannels, rows.targetPad, columns.targetPad, g.strideHeight)
    )
  }

  /// One axis of the input gradient of one phase. Tap `stride·t + phase` leads from output j − t to input
  /// stride·j + phase − pad, of which those inside the image are j = first, first + 1, …
  private struct AdjointAxis {
    let tiles: WinogradAxis
    let sourcePad, targetPad: Int

    init(phase: Int, stride: Int, pad: Int, size: Int, taps: Int) {
      let first = (max(0, pad - phase) + stride - 1) / stride
      targetPad = pad - phase - stride * first
      sourcePad = taps - 1 - first
      tiles = WinogradAxis(size: max(0, (size + targetPad + stride - 1) / stride))
    }
  }
}
