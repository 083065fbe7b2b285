import CLineupKernels

/// Convolution of any geometry as products of overlapping windows, without copying patches ("im2col").
///
/// In a zero-padded image with channels last, what one output position sees of one kernel row is a run of adjacent floats.
/// So the product's inner loop can read patches in place: kh runs, one padded row apart. Where there are fewer channels
/// than vector lanes, `group` adjacent output positions are computed as one row of group·cout floats from the union of
/// their windows; the weights become a band matrix, whose zeros cost less than idle lanes do.
struct WindowConvolution {
  let g: ConvolutionGeometry

  /// The columns of a product that are worth filling by grouping positions: one AVX-512 vector.
  static let fullColumns = 16

  /// About how many output positions and multiply-adds one task computes, and the least number of either in a small batch.
  private static let taskPositions = 1024
  private static let taskMultiplyAdds = 1 << 23
  private static let leastMultiplyAdds = 1 << 22

  init(_ g: ConvolutionGeometry) { self.g = g }

  /// The largest divisor of `width` for which `channels` times it does not exceed a vector; 1 at least.
  static func groupSize(width: Int, channels: Int) -> Int {
    let limit = max(1, min(width, fullColumns / channels))
    return (1...limit).last { width.isMultiple(of: $0) } ?? 1
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    guard g.batch > 0 else { return }
    let group = Self.groupSize(width: g.outputWidth, channels: g.outputChannels)
    let shape = WindowShape(
      imageHeight: g.inputHeight, imageWidth: g.inputWidth, channels: g.inputChannels, firstRow: -g.padTop,
      firstColumn: -g.padLeft, columns: (g.outputWidth - 1) * g.strideWidth + g.kernelWidth)
    let rows = min(g.outputHeight, max(1, bandPositions(of: g.outputPixels) / g.outputWidth))
    let plan = taskPlan(rows: rows)
    let windowRows = (rows - 1) * g.strideHeight + g.kernelHeight
    let pass = WindowPass(
      runs: g.kernelHeight, runLength: ((group - 1) * g.strideWidth + g.kernelWidth) * g.inputChannels,
      resultLength: group * g.outputChannels, matrix: bandMatrix(weight, group: group),
      bias: bias.map { repeated($0, times: group) },
      table: OffsetTable(
        images: plan.images, imageStride: windowRows * shape.rowLength, rows: rows,
        rowStride: g.strideHeight * shape.rowLength, groups: g.outputWidth / group,
        groupStride: group * g.strideWidth * g.inputChannels, start: 0,
        resultImageStride: g.outputHeight * g.outputWidth * g.outputChannels,
        resultRowStride: g.outputWidth * g.outputChannels, resultGroupStride: group * g.outputChannels,
        resultStart: 0,
        in: Scratch.integers(2 * plan.images * rows * (g.outputWidth / group), for: .offsets)))
    Threads.forEach(plan.tasks) { task in
      let firstImage = task / plan.bands * plan.images
      let images = min(plan.images, g.batch - firstImage)
      let firstRow = task % plan.bands * rows
      let count = min(rows, g.outputHeight - firstRow)
      let window = shape.copy(
        input, images: firstImage..<firstImage + images, rows: windowRows,
        rowOffset: firstRow * g.strideHeight)
      let target = output + (firstImage * g.outputHeight + firstRow) * g.outputWidth * g.outputChannels
      // Either all rows of several images, or some rows of one.
      let positions = (plan.images > 1 ? images * rows : count) * (g.outputWidth / group)
      pass.run(0..<positions, window: window, runStride: shape.rowLength, result: target)
    }
  }

  /// How images, or bands of rows of one image, are dealt out to tasks.
  private func taskPlan(rows: Int) -> (images: Int, bands: Int, tasks: Int) {
    let bands = (g.outputHeight + rows - 1) / rows
    let images = bands > 1 ? 1 : imagesPerTask(positions: g.outputHeight * g.outputWidth)
    return (images, bands, (g.batch + images - 1) / images * bands)
  }

  /// How many of `positions` a task takes: many, but in a small batch few enough for each thread to have some.
  func bandPositions(of positions: Int) -> Int {
    let least = max(8, Self.leastMultiplyAdds * positions / max(1, g.multiplyAdds))
    return min(Self.taskPositions, max(least, positions / 4))
  }

  func imagesPerTask(positions: Int) -> Int {
    let work = max(1, g.multiplyAdds / g.batch)
    return max(1, min(g.batch, Self.taskPositions / positions, max(Self.taskMultiplyAdds / work, 8 / positions)))
  }

  /// [kh, (group − 1)·sw + kw, cin, group, cout]: the weight itself for a group of one, else shifted copies of it.
  private func bandMatrix(_ weight: UnsafePointer<Float>, group: Int) -> UnsafePointer<Float> {
    guard group > 1 else { return weight }
    let (cin, cout, kernel) = (g.inputChannels, g.outputChannels, g.kernelWidth)
    let window = (group - 1) * g.strideWidth + kernel
    let length = group * cout
    let matrix = Scratch.floats(g.kernelHeight * window * cin * length, for: .transformedWeight)
    matrix.update(repeating: 0, count: g.kernelHeight * window * cin * length)
    for ky in 0..<g.kernelHeight {
      for member in 0..<group {
        for kx in 0..<kernel {
          let source = weight + (ky * kernel + kx) * cin * cout
          let target = matrix + (ky * window + member * g.strideWidth + kx) * cin * length + member * cout
          for channel in 0..<cin { (target + channel * length).update(from: source + channel * cout, count: cout) }
        }
      }
    }
    return UnsafePointer(matrix)
  }

  private func repeated(_ bias: UnsafePointer<Float>, times: Int) -> UnsafePointer<Float> {
    guard times > 1 else { return bias }
    let copies = Scratch.floats(times * g.outputChannels, for: .repeatedBias)
    for index in 0..<times { (copies + index * g.outputChannels).update(from: bias, count: g.outputChannels) }
    return UnsafePointer(copies)
  }
}
