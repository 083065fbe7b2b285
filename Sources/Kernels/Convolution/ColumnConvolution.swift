import CKernels

/// Convolution of any geometry as products: patches gathered into rows ("im2col"), a tile of output pixels at a time so
/// that they stay in cache, times the weights as a matrix [kh·kw·cin, cout].
struct ColumnConvolution {
  let g: ConvolutionGeometry
  private let geometry: ck_convolution

  /// Output pixels of a tile: as many as keep their patches in half of a 1 MiB second-level cache, at most 1024.
  private let tilePixels: Int

  /// Partial sums of the weight gradient, at most; a constant, so that the order of additions is one too.
  private static let weightParts = 8

  init(_ g: ConvolutionGeometry) {
    self.g = g
    geometry = g.inC
    tilePixels = min(1024, max(64, (128 * 1024 / g.patchLength + 7) / 8 * 8))
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    let pixels = g.outputPixels
    let tiles = (pixels + tilePixels - 1) / tilePixels
    Threads.forEach(tiles) { tile in
      let first = tile * tilePixels
      let count = min(tilePixels, pixels - first)
      let result = output + first * g.outputChannels
      multiply(
        m: count, n: g.outputChannels, k: g.patchLength, patches(of: input, first: first, count: count),
        MatrixView(weight, columns: g.outputChannels), from: ProductStart(bias: bias), into: result)
    }
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    // Neighbouring patches overlap, so a task owns whole images.
    let imagePixels = g.outputHeight * g.outputWidth
    let inputSize = g.inputHeight * g.inputWidth * g.inputChannels
    let images = max(1, tilePixels / imagePixels)
    Threads.forEach((g.batch + images - 1) / images) { task in
      let begin = task * images
      let end = min(begin + images, g.batch)
      let target = inputGradient + begin * inputSize
      if !g.isPointwise { target.update(repeating: 0, count: (end - begin) * inputSize) }
      for first in stride(from: begin * imagePixels, to: end * imagePixels, by: tilePixels) {
        let count = min(tilePixels, end * imagePixels - first)
        let columns =
          g.isPointwise
          ? inputGradient + first * g.inputChannels : Scratch.floats(count * g.patchLength, for: .columns)
        multiply(
          m: count, n: g.patchLength, k: g.outputChannels,
          MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels),
          MatrixView(weight, columns: g.outputChannels).transposed, into: columns)
        if !g.isPointwise {
          withUnsafePointer(to: geometry) { ck_scatter_columns($0, columns, first, count, inputGradient) }
        }
      }
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let pixels = g.outputPixels
    let tiles = (pixels + tilePixels - 1) / tilePixels
    let size = g.patchLength * g.outputChannels
    let parts = max(1, min(Self.weightParts, tiles))
    let partials = Scratch.floats(parts * size, for: .partialSums)
    Threads.forEach(parts) { part in
      let sum = partials + part * size
      let range = tiles * part / parts..<tiles * (part + 1) / parts
      if range.isEmpty { sum.update(repeating: 0, count: size) }
      for tile in range {
        let first = tile * tilePixels
        let count = min(tilePixels, pixels - first)
        multiply(
          m: g.patchLength, n: g.outputChannels, k: count, patches(of: input, first: first, count: count).transposed,
          MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels),
          from: tile == range.lowerBound ? .zero : .result, into: sum)
      }
    }
    weightGradient.update(from: partials, count: size)
    for part in 1..<max(1, parts) {
      let other = partials + part * size
      for index in 0..<size { weightGradient[index] += other[index] }
    }
  }

  /// Rows of kh·kw·cin floats for `count` output pixels; the images themselves where they serve.
  private func patches(of input: UnsafePointer<Float>, first: Int, count: Int) -> MatrixView {
    if g.isPointwise { return MatrixView(input + first * g.inputChannels, columns: g.inputChannels) }
    let columns = Scratch.floats(count * g.patchLength, for: .columns)
    withUnsafePointer(to: geometry) { ck_gather_columns($0, input, first, count, columns) }
    return MatrixView(columns, columns: g.patchLength)
  }
}
