import CKernels

/// 1×1 convolution with stride 1: images are matrices [pixels, channels] already.
struct PointwiseConvolution {
  let g: ConvolutionGeometry

  private static let tilePixels = 512
  /// Partial sums of the weight gradient, at most; a constant, so that the order of additions is one too.
  private static let maximumParts = 8

  private var tiles: Int { (g.outputPixels + Self.tilePixels - 1) / Self.tilePixels }

  init(_ g: ConvolutionGeometry) { self.g = g }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    forEachTile { first, count in
      multiply(
        m: count, n: g.outputChannels, k: g.inputChannels,
        MatrixView(input + first * g.inputChannels, columns: g.inputChannels),
        MatrixView(weight, columns: g.outputChannels), from: ProductStart(bias: bias),
        into: output + first * g.outputChannels)
    }
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let flipped = Scratch.floats(g.inputChannels * g.outputChannels, for: .flippedWeight)
    ck_flip_weight(1, g.inputChannels, g.outputChannels, weight, flipped)
    forEachTile { first, count in
      multiply(
        m: count, n: g.inputChannels, k: g.outputChannels,
        MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels),
        MatrixView(flipped, columns: g.inputChannels), into: inputGradient + first * g.inputChannels)
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let size = g.inputChannels * g.outputChannels
    let parts = max(1, min(Self.maximumParts, tiles))
    let partials = Scratch.floats(parts * size, for: .partialSums)
    Threads.forEach(parts) { part in
      let first = g.outputPixels * part / parts
      multiply(
        m: g.inputChannels, n: g.outputChannels, k: g.outputPixels * (part + 1) / parts - first,
        MatrixView(input + first * g.inputChannels, columns: g.inputChannels).transposed,
        MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels), into: partials + part * size)
    }
    for part in 1..<max(1, parts) { ck_add(partials, partials + part * size, size) }
    weightGradient.update(from: partials, count: size)
  }

  private func forEachTile(_ body: (Int, Int) -> Void) {
    Threads.forEach(tiles) { tile in
      let first = tile * Self.tilePixels
      body(first, min(Self.tilePixels, g.outputPixels - first))
    }
  }
}
