import CLineupKernels

/// Convolution of any geometry as a product with copied patches ("im2col"), for wide layers: a patch of thousands of numbers
/// takes little time to copy where it is multiplied by hundreds of columns, and the product then reads rows that lie
/// together, part by part, however large the weight is.
struct PatchConvolution {
  let g: ConvolutionGeometry

  /// Floats of patches at a time, a share of a third-level cache. A matter of shape, as is the order of sums.
  private static let chunkFloats = 1 << 20
  /// Patches that a task copies.
  private static let copiedPatches = 8

  init(_ g: ConvolutionGeometry) { self.g = g }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: input) { first, count, patches in
      multiplyShared(
        m: count, n: g.outputChannels, k: g.patchLength, patches, MatrixView(weight, columns: g.outputChannels),
        from: ProductStart(bias: bias), into: output + first * g.outputChannels)
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    if g.batch == 0 { weightGradient.update(repeating: 0, count: g.patchLength * g.outputChannels) }
    forEachChunk(of: input) { first, count, patches in
      multiplyShared(
        m: g.patchLength, n: g.outputChannels, k: count, patches.transposed,
        MatrixView(outputGradient + first * g.outputChannels, columns: g.outputChannels),
        from: first == 0 ? .zero : .result, into: weightGradient)
    }
  }

  /// One product to the gradients of patches, whole images or some rows of one at a time; then each input row adds up what
  /// the patches that it is part of hold for it ("col2im").
  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let imageSize = g.inputHeight * g.inputWidth * g.inputChannels
    let rowFloats = g.outputWidth * g.patchLength
    let fitting = max(1, Self.chunkFloats / rowFloats)
    let images = max(1, min(g.batch, fitting / g.outputHeight))
    let rows = min(g.outputHeight, fitting)
    let patches = Scratch.floats(images * rows * rowFloats, for: .window)
    for firstImage in stride(from: 0, to: g.batch, by: images) {
      let images = min(images, g.batch - firstImage)
      for firstRow in stride(from: 0, to: g.outputHeight, by: rows) {
        let rows = min(rows, g.outputHeight - firstRow)
        let position = (firstImage * g.outputHeight + firstRow) * g.outputWidth
        multiplyShared(
          m: images * rows * g.outputWidth, n: g.patchLength, k: g.outputChannels,
          MatrixView(outputGradient + position * g.outputChannels, columns: g.outputChannels),
          MatrixView(weight, columns: g.outputChannels).transposed, into: patches)
        Threads.forEach(images * g.inputHeight) { task in
          let (image, row) = task.quotientAndRemainder(dividingBy: g.inputHeight)
          let target = inputGradient + (firstImage + image) * imageSize
          let rowLength = g.inputWidth * g.inputChannels
          if firstRow == 0 { (target + row * rowLength).update(repeating: 0, count: rowLength) }
          withUnsafePointer(to: shape) {
            ck_add_patches($0, patches + image * rows * rowFloats, firstRow, firstRow + rows, row, row + 1, target)
          }
        }
      }
    }
  }

  /// Calls `body(first, count, patches)` with patches [count, kh·kw·cin] of output positions `first ..< first + count`.
  private func forEachChunk(of input: UnsafePointer<Float>, _ body: (Int, Int, MatrixView) -> Void) {
    let positions = max(1, min(g.outputPixels, max(64, Self.chunkFloats / g.patchLength / 8 * 8)))
    let patches = Scratch.floats(positions * g.patchLength, for: .window)
    for first in stride(from: 0, to: g.outputPixels, by: positions) {
      let count = min(positions, g.outputPixels - first)
      Threads.forEachRange(count, grain: Self.copiedPatches) { part in
        withUnsafePointer(to: shape) {
          ck_gather_patches(
            $0, input, first + part.lowerBound, part.count, patches + part.lowerBound * g.patchLength)
        }
      }
      body(first, count, MatrixView(patches, columns: g.patchLength))
    }
  }

  private var shape: ck_patches {
    ck_patches(
      height: g.inputHeight, width: g.inputWidth, channels: g.inputChannels, output_height: g.outputHeight,
      output_width: g.outputWidth, kernel_height: g.kernelHeight, kernel_width: g.kernelWidth,
      stride_y: g.strideHeight, stride_x: g.strideWidth, pad_top: g.padTop, pad_left: g.padLeft)
  }
}
