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
    forEachRun(of: 0..<phases * g.inputChannels, width: columns.count) { phase, row, place, rows in
      let corner = weight + firstTap(of: phase) + row * g.outputChannels + columns.lowerBound
      let target = planes + place * columns.count
      let size = rows * columns.count
      guard columns.count < g.outputChannels else {
        return ck_winograd_weight(taps.rawValue, corner, steps.row, steps.column, size, target, plane)
      }
      // Copied together first: a transform of nine streams of short rows takes half as long again.
      let gathered = Scratch.floats(taps.count * taps.count * size, for: .flippedWeight)
      for tap in 0..<taps.count * taps.count {
        let matrix = corner + tap / taps.count * steps.row + tap % taps.count * steps.column
        for row in 0..<rows {
          (gathered + tap * size + row * columns.count)
            .update(from: matrix + row * g.outputChannels, count: columns.count)
        }
      }
      ck_winograd_weight(taps.rawValue, gathered, taps.count * size, size, size, target, plane)
    }
  }

  /// The weight gradient's rows from `parts` sets of planes [rows, cout], `part` floats apart; the rows are counted
  /// through all phases.
  func transformBack(
    _ planes: UnsafePointer<Float>, plane: Int, part: Int, parts: Int, rows: Range<Int>,
    into weight: UnsafeMutablePointer<Float>
  ) {
    let steps = tapSteps
    forEachRun(of: rows, width: g.outputChannels) { phase, row, place, rows in
      ck_winograd_weight_adjoint(
        taps.rawValue, planes + place * g.outputChannels, plane, part, parts, rows * g.outputChannels,
        weight + firstTap(of: phase) + row * g.outputChannels, steps.row, steps.column)
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

  /// Calls `body(phase, row, place, count)` with runs of `count` rows of one phase, `place` rows after the first of
  /// `range`, which counts the rows of [phases · cin, width].
  private func forEachRun(of range: Range<Int>, width: Int, _ body: (Int, Int, Int, Int) -> Void) {
    Threads.forEachRange(range.count, grain: max(1, Self.taskElements / width)) { part in
      var place = part.lowerBound
      while place < part.upperBound {
        let (phase, row) = (range.lowerBound + place).quotientAndRemainder(dividingBy: g.inputChannels)
        let count = min(part.upperBound - place, g.inputChannels - row)
        body(phase, row, place, count)
        place += count
      }
    }
  }
}
