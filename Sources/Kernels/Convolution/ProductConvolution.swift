import CLineupKernels

/// Convolution whose patches do not overlap and lie in memory as the rows of a matrix: 1×1 with stride 1, and kernels as
/// large as the image.
struct ProductConvolution {
  let g: ConvolutionGeometry

  /// Pixels of a task: 512, or fewer where a small batch would make too few tasks.
  private var tilePixels: Int { max(32, min(512, g.outputPixels / 8 / 8 * 8)) }

  /// Partial sums of the weight gradient, at most; a constant, so that the order of additions is one too.
  private static let maximumParts = 8
  /// Weights of at least so many floats have no partial sums: tasks then are rows of the result.
  private static let largeWeight = 64 * 1024
  private static let rowsOfLargeWeight = 32

  private var tiles: Int { (g.outputPixels + tilePixels - 1) / tilePixels }

  init(_ g: ConvolutionGeometry) { self.g = g }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    forEachTile { first, count in
      multiply(
        m: count, n: g.outputChannels, k: g.patchLength,
        MatrixView(input + first * g.patchLength, columns: g.patchLength),
        MatrixView(weight, columns: g.outputChannels), from: ProductStart(bias: bias),
        into: output + first * g.outputChannels)
    }
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let flipped = Scratch.floats(g.patchLength * g.outputChannels, for: .flippedWeight)
    let rows = 32
    Threads.forEach((g.patchLength + rows - 1) / rows) { task in
      ck_transpose(
        weight + task * rows * g.outputChannels, g.outputChannels, min(rows, g.patchLength - task * rows),
        g.outputChannels, flipped + task * rows, g.patchLength)
    }
    forEachTile { first, count in
      multiply(
        m: count, n: g.patchLength, k: g.outputChannels,
        MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels),
        MatrixView(flipped, columns: g.patchLength), into: inputGradient + first * g.patchLength)
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let size = g.patchLength * g.outputChannels
    if size >= Self.largeWeight {
      let rows = Self.rowsOfLargeWeight
      Threads.forEach((g.patchLength + rows - 1) / rows) { task in
        multiply(
          m: min(rows, g.patchLength - task * rows), n: g.outputChannels, k: g.outputPixels,
          MatrixView(input + task * rows, columns: g.patchLength).transposed,
          MatrixView(outputGradient, columns: g.outputChannels), into: weightGradient + task * rows * g.outputChannels)
      }
      return
    }
    let parts = max(1, min(Self.maximumParts, tiles))
    let partials = Scratch.floats(parts * size, for: .partialSums)
    Threads.forEach(parts) { part in
      let first = g.outputPixels * part / parts
      multiply(
        m: g.patchLength, n: g.outputChannels, k: g.outputPixels * (part + 1) / parts - first,
        MatrixView(input + first * g.patchLength, columns: g.patchLength).transposed,
        MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels), into: partials + part * size)
    }
    for part in 1..<max(1, parts) { ck_add(partials, partials + part * size, size) }
    weightGradient.update(from: partials, count: size)
  }

  private func forEachTile(_ body: (Int, Int) -> Void) {
    Threads.forEach(tiles) { tile in
      let first = tile * tilePixels
      body(first, min(tilePixels, g.outputPixels - first))
    }
  }
}
