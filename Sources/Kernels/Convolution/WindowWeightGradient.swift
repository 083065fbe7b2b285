import CLineupKernels

extension WindowConvolution {
  /// Partial sums of the weight gradient, at most; a constant, so that the order of additions is one too.
  private static let maximumParts = 8

  /// Shares of rows where there are no partial sums; each copies the windows anew, so not many.
  private static let rowShares = 8

  /// Floats that all partial sums may take.
  private static let partialSumBudget = 1 << 21

  /// The weight gradient: windowsᵀ · output gradient, summed over the batch, with positions grouped as in the forward pass.
  /// The band matrix that results holds each tap's gradient in shares, one for each member of the group.
  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let weightSize = g.patchLength * g.outputChannels
    guard g.batch > 0 else {
      weightGradient.update(repeating: 0, count: weightSize)
      return
    }
    let group = Self.groupSize(width: g.outputWidth, channels: g.outputChannels)
    let runLength = ((group - 1) * g.strideWidth + g.kernelWidth) * g.inputChannels
    let shape = WindowShape(
      imageHeight: g.inputHeight, imageWidth: g.inputWidth, channels: g.inputChannels, firstRow: -g.padTop,
      firstColumn: -g.padLeft, columns: (g.outputWidth - 1) * g.strideWidth + g.kernelWidth)
    let rows = g.kernelHeight * runLength
    let length = group * g.outputChannels
    let offsets = Scratch.integers(2 * rows, for: .offsets)
    for index in 0..<rows {
      offsets[index] = index / runLength * shape.rowLength + index % runLength
      offsets[rows + index] = index * length
    }
    // Few images, or large sums: threads share the rows of one sum instead.
    let parts = min(Self.maximumParts, g.batch, Self.partialSumBudget / (rows * length))
    let sharesRows = parts < 4
    let sums = Scratch.floats((sharesRows ? 1 : parts) * rows * length, for: .partialSums)
    if sharesRows {
      let size = max(16, (rows + Self.rowShares - 1) / Self.rowShares)
      Threads.forEach((rows + size - 1) / size) { share in
        addImages(
          0..<g.batch, input: input, outputGradient: outputGradient, shape: shape, group: group,
          rows: share * size..<min(rows, (share + 1) * size), offsets: offsets, sum: sums, sumRows: rows)
      }
    } else {
      Threads.forEach(parts) { part in
        addImages(
          g.batch * part / parts..<g.batch * (part + 1) / parts, input: input, outputGradient: outputGradient,
          shape: shape, group: group, rows: 0..<rows, offsets: offsets, sum: sums + part * rows * length,
          sumRows: rows)
      }
      for part in 1..<parts { ck_add(sums, sums + part * rows * length, rows * length) }
    }
    fold(sums, group: group, into: weightGradient)
  }

  /// The given rows of sum [sumRows, group·cout] = Σ over images and groups of positions of window ⊗ output gradient.
  private func addImages(
    _ images: Range<Int>, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, shape: WindowShape,
    group: Int, rows: Range<Int>, offsets: UnsafeMutablePointer<Int>, sum: UnsafeMutablePointer<Float>, sumRows: Int
  ) {
    let windowRows = (g.outputHeight - 1) * g.strideHeight + g.kernelHeight
    let imageLength = windowRows * shape.rowLength
    // Images with one row of outputs follow each other like the rows of one image do.
    let together = g.outputHeight == 1 ? images.count : 1
    for first in stride(from: images.lowerBound, to: images.upperBound, by: together) {
      let window = shape.copy(input, images: first..<first + together, rows: windowRows)
      ck_multiply_gathered(
        rows.count, group * g.outputChannels, g.outputHeight * together, g.outputWidth / group, window,
        offsets + rows.lowerBound,
        group * g.strideWidth * g.inputChannels,
        together > 1 ? imageLength : g.strideHeight * shape.rowLength,
        outputGradient + first * g.outputHeight * g.outputWidth * g.outputChannels, nil,
        first == images.lowerBound ? 0 : 1, sum, offsets + sumRows + rows.lowerBound)
    }
  }

  /// The adjoint of building the band matrix: weight gradient [kh, kw, cin, cout] as the sum of each tap's shares.
  private func fold(_ band: UnsafePointer<Float>, group: Int, into weightGradient: UnsafeMutablePointer<Float>) {
    let (cin, cout, kernel) = (g.inputChannels, g.outputChannels, g.kernelWidth)
    guard group > 1 else {
      weightGradient.update(from: band, count: g.patchLength * cout)
      return
    }
    let window = (group - 1) * g.strideWidth + kernel
    let length = group * cout
    for ky in 0..<g.kernelHeight {
      for kx in 0..<kernel {
        for channel in 0..<cin {
          let target = weightGradient + ((ky * kernel + kx) * cin + channel) * cout
          for o in 0..<cout {
            var sum: Float = 0
            for member in 0..<group {
              let row = (ky * window + member * g.strideWidth + kx) * cin + channel
              sum += band[row * length + member * cout + o]
            }
            target[o] = sum
          }
        }
      }
    }
  }
}
