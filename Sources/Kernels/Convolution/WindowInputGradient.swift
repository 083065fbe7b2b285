import CLineupKernels

/// One axis of the input gradient for input positions `first`, `first + step`, …: which outputs reach them.
///
/// Input x receives output o through tap k where x + pad = o·stride + k. The outputs that a group of adjacent inputs
/// starting at `first` needs are `lowest ... highest`; the next group needs those `advance` further on.
private struct AdjointAxis {
  let lowest: Int
  let highest: Int
  let count: Int
  let step: Int
  let first: Int

  init(first: Int, group: Int, step: Int, size: Int, kernel: Int, stride: Int, pad: Int) {
    func floorDivided(_ a: Int) -> Int { a >= 0 ? a / stride : -((stride - 1 - a) / stride) }
    lowest = -floorDivided(-(first + pad - kernel + 1))
    highest = floorDivided(first + group - 1 + pad)
    count = first >= size ? 0 : (size - first + step - 1) / step
    self.step = step
    self.first = first
  }

  /// Outputs in a window; none where the stride jumps over these positions.
  var window: Int { max(0, highest - lowest + 1) }
}

extension WindowConvolution {
  /// The input gradient, one pass for each remainder of input rows (and columns) by the stride: those of one remainder are
  /// reached by the same taps, so each pass is a plain windowed product over the output gradient.
  func inputGradient(
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    guard g.batch > 0 else { return }
    // Few channels: all columns in groups, a multiple of the stride wide. Many: each remainder of columns on its own.
    var group = 1
    if g.inputChannels < Self.fullColumns, g.inputWidth.isMultiple(of: g.strideWidth) {
      group =
        g.strideWidth
        * Self.groupSize(width: g.inputWidth / g.strideWidth, channels: g.inputChannels * g.strideWidth)
    }
    let step = group > 1 ? group : g.strideWidth
    let advance = step / g.strideWidth
    let rowAxes = (0..<g.strideHeight).map {
      AdjointAxis(
        first: $0, group: 1, step: g.strideHeight, size: g.inputHeight, kernel: g.kernelHeight,
        stride: g.strideHeight, pad: g.padTop)
    }
    let columnAxes = (0..<(group > 1 ? 1 : g.strideWidth)).map {
      AdjointAxis(
        first: $0, group: group, step: step, size: g.inputWidth, kernel: g.kernelWidth, stride: g.strideWidth,
        pad: g.padLeft)
    }
    let firstRow = rowAxes.map(\.lowest).min()!
    let firstColumn = columnAxes.map(\.lowest).min()!
    let windowRows = max(0, rowAxes.map { $0.highest + $0.count }.max()! - firstRow)
    let windowColumns = max(0, columnAxes.map { $0.highest + ($0.count - 1) * advance + 1 }.max()! - firstColumn)
    let shape = WindowShape(
      imageHeight: g.outputHeight, imageWidth: g.outputWidth, channels: g.outputChannels, firstRow: firstRow,
      firstColumn: firstColumn, columns: windowColumns)
    let images = imagesPerTask(positions: g.inputHeight * g.inputWidth)

    let resultLength = group * g.inputChannels
    let imageSize = g.inputHeight * g.inputWidth * g.inputChannels
    var passes: [(pass: WindowPass, positions: Int)] = []
    // All matrices and tables of the call lie one after another in the scratch of this thread.
    var matrixPlace = 0
    var tablePlace = 0
    let layout = rowAxes.flatMap { row in columnAxes.map { (row, $0) } }
    let matrices = Scratch.floats(
      layout.reduce(0) { $0 + $1.0.window * $1.1.window * g.outputChannels * resultLength }, for: .transformedWeight)
    let offsets = Scratch.integers(layout.reduce(0) { $0 + 2 * images * $1.0.count * $1.1.count }, for: .offsets)
    for (row, column) in layout where row.count * column.count > 0 {
      let positions = row.count * column.count
      let table = OffsetTable(
        images: images, imageStride: windowRows * shape.rowLength, rows: row.count, rowStride: shape.rowLength,
        groups: column.count, groupStride: advance * g.outputChannels,
        start: (row.lowest - firstRow) * shape.rowLength + (column.lowest - firstColumn) * g.outputChannels,
        resultImageStride: imageSize, resultRowStride: row.step * g.inputWidth * g.inputChannels,
        resultGroupStride: column.step * g.inputChannels,
        resultStart: (row.first * g.inputWidth + column.first) * g.inputChannels, in: offsets + tablePlace)
      tablePlace += 2 * images * positions
      let matrix = matrices + matrixPlace
      matrixPlace += row.window * column.window * g.outputChannels * resultLength
      fillAdjoint(matrix, weight, row: row, column: column, group: group)
      passes.append(
        (
          WindowPass(
            runs: row.window, runLength: column.window * g.outputChannels, resultLength: resultLength,
            matrix: UnsafePointer(matrix), bias: nil, table: table), positions
        ))
    }
    // Each pass over an image is cut into bands where images are few.
    let band = bandPositions(of: g.batch * g.inputHeight * g.inputWidth)
    let bands = images > 1 ? 1 : (passes.map(\.positions).max() ?? 0) / band + 1
    let tasksOfImages = passes.count * bands
    Threads.forEach((g.batch + images - 1) / images * (bands > 1 ? tasksOfImages : 1)) { task in
      let first = (bands > 1 ? task / tasksOfImages : task) * images
      let count = min(images, g.batch - first)
      let window = shape.copy(outputGradient, images: first..<first + count, rows: windowRows)
      let result = inputGradient + first * imageSize
      if bands > 1 {
        let (pass, positions) = passes[task % tasksOfImages / bands]
        let begin = task % bands * band
        guard begin < positions else { return }
        pass.run(
          begin..<min(begin + band, positions), window: window, runStride: shape.rowLength, result: result)
      } else {
        for (pass, positions) in passes {
          pass.run(0..<count * positions, window: window, runStride: shape.rowLength, result: result)
        }
      }
    }
  }

  /// [row.window, column.window, cout, group, cin]: for each output in the window the transposed tap that leads from it to
  /// each input of the group, or zero.
  private func fillAdjoint(
    _ matrix: UnsafeMutablePointer<Float>, _ weight: UnsafePointer<Float>, row: AdjointAxis, column: AdjointAxis,
    group: Int
  ) {
    let (cin, cout) = (g.inputChannels, g.outputChannels)
    let length = group * cin
    if group > 1 { matrix.update(repeating: 0, count: row.window * column.window * cout * length) }
    Threads.forEach(row.window) { y in
      let ky = row.first + g.padTop - (row.lowest + y) * g.strideHeight
      for x in 0..<column.window {
        for member in 0..<group {
          let kx = column.first + member + g.padLeft - (column.lowest + x) * g.strideWidth
          guard (0..<g.kernelWidth).contains(kx) else { continue }
          let source = weight + (ky * g.kernelWidth + kx) * cin * cout
          let target = matrix + (y * column.window + x) * cout * length + member * cin
          ck_transpose(source, cout, cin, cout, target, length)
        }
      }
    }
  }
}
