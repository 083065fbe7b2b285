import CKernels

/// The transformed weights of a convolution by Winograd's algorithm, from and to [kh, kw, cin, cout].
struct WinogradWeights {
  let g: ConvolutionGeometry
  let taps: WinogradTaps

  /// About how many elements of the weight a task transforms.
  private static let taskElements = 4096

  init(_ g: ConvolutionGeometry, taps: WinogradTaps) { (self.g, self.taps) = (g, taps) }

  private var tapSize: Int { g.inputChannels * g.outputChannels }
  private var phases: Int { g.strideHeight * g.strideWidth }

  /// Floats from a phase's first tap to its next row and next column.
  private var tapSteps: (row: Int, column: Int) {
    (g.strideHeight * g.kernelWidth * tapSize, g.strideWidth * tapSize)
  }

  private func firstTap(of phase: Int) -> Int {
    (phase / g.strideWidth * g.kernelWidth + phase % g.strideWidth) * tapSize
  }

  /// Planes of [phases · cin, columns] for the forward pass.
  func transform(
    _ weight: UnsafePointer<Float>, columns: Range<Int>, into planes: UnsafeMutablePointer<Float>, plane: Int
  ) {
    let steps = tapSteps
    forEachRun(columns) { phase, row, count in
      ck_winograd_weight(
        taps.rawValue, weight + firstTap(of: phase) + row * g.outputChannels + columns.lowerBound, steps.row,
        steps.column, count, planes + (phase * g.inputChannels + row) * columns.count, plane)
    }
  }

  /// The weight gradient's columns from `parts` sets of planes [phases · cin, columns], `part` floats apart.
  func transformBack(
    _ planes: UnsafePointer<Float>, plane: Int, part: Int, parts: Int, columns: Range<Int>,
    into weight: UnsafeMutablePointer<Float>
  ) {
    let steps = tapSteps
    forEachRun(columns) { phase, row, count in
      ck_winograd_weight_adjoint(
        taps.rawValue, planes + (phase * g.inputChannels + row) * columns.count, plane, part, parts, count,
        weight + firstTap(of: phase) + row * g.outputChannels + columns.lowerBound, steps.row, steps.column)
    }
  }

  /// Planes of [cout, columns] for the input gradient of one phase: taps in reverse order, their matrices transposed.
  func transformAdjoint(
    _ weight: UnsafePointer<Float>, phase: Int, columns: Range<Int>, into planes: UnsafeMutablePointer<Float>,
    plane: Int
  ) {
    let steps = tapSteps
    let rows = max(1, Self.taskElements / columns.count)
    Threads.forEach((g.outputChannels + rows - 1) / rows) { task in
      let first = task * rows
      let count = min(rows, g.outputChannels - first)
      let size = count * columns.count
      let turned = Scratch.floats(taps.count * taps.count * size, for: .flippedWeight)
      for tap in 0..<taps.count * taps.count {
        let (y, x) = (taps.count - 1 - tap / taps.count, taps.count - 1 - tap % taps.count)
        let matrix = weight + firstTap(of: phase) + y * steps.row + x * steps.column
        ck_transpose(
          matrix + columns.lowerBound * g.outputChannels + first, g.outputChannels, columns.count, count,
          turned + tap * size, columns.count)
      }
      ck_winograd_weight(
        taps.rawValue, turned, taps.count * size, size, size, planes + first * columns.count, plane)
    }
  }

  /// Calls `body(phase, row, count)` for runs of `count` adjacent elements that begin with the given row's first column.
  private func forEachRun(_ columns: Range<Int>, _ body: (Int, Int, Int) -> Void) {
    let rows = max(1, Self.taskElements / columns.count)
    let tasks = (g.inputChannels + rows - 1) / rows
    Threads.forEach(phases * tasks) { task in
      let phase = task / tasks
      let first = task % tasks * rows
      let end = min(first + rows, g.inputChannels)
      if columns.count == g.outputChannels {
        body(phase, first, (end - first) * columns.count)
      } else {
        for row in first..<end { body(phase, row, columns.count) }
      }
    }
  }
}
