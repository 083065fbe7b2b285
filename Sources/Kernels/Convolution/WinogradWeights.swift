import CLineupKernels

/// The transformed weights of a convolution by Winograd's algorithm, from and to [kh, kw, cin, cout].
struct WinogradWeights {
  let g: ConvolutionGeometry
  let taps: WinogradTaps

  /// About how many elements of the weight a task transforms.
  private static let taskElements = 4096

  /// Vectors of input channels of a task of `correlate`, at most; the last may have part of another.
  private static let correlatedVectors = Int(CK_WINOGRAD_CORRELATION_ROWS) / WinogradConvolution.minimumChannels - 1

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

  /// Planes of [rows, columns] of the weights [phases · cin, cout] of the forward pass.
  func transform(
    _ weight: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>, into planes: UnsafeMutablePointer<Float>,
    plane: Int
  ) {
    let steps = tapSteps
    let isWhole = columns.count == g.outputChannels
    forEachRun(of: rows, width: columns.count) { phase, row, place, rows in
      let corner = weight + firstTap(of: phase) + row * g.outputChannels + columns.lowerBound
      let target = planes + place * columns.count
      let (calls, size) = isWhole ? (1, rows * columns.count) : (rows, columns.count)
      for call in 0..<calls {
        ck_winograd_weight(
          taps.rawValue, corner + call * g.outputChannels, steps.row, steps.column, size, target + call * size, plane)
      }
    }
  }

  /// The weight gradient from `parts` sets of planes [phases · cin, cout], `part` floats apart, which are added up.
  func transformBack(
    _ planes: UnsafePointer<Float>, plane: Int, part: Int, parts: Int, into weight: UnsafeMutablePointer<Float>
  ) {
    let steps = tapSteps
    forEachRun(of: 0..<phases * g.inputChannels, width: g.outputChannels) { phase, row, place, rows in
      ck_winograd_weight_adjoint(
        taps.rawValue, planes + place * g.outputChannels, plane, part, parts, rows * g.outputChannels,
        weight + firstTap(of: phase) + row * g.outputChannels, steps.row, steps.column)
    }
  }

  /// The weight gradient from both transformed sides, for few tiles.
  func correlate(
    _ left: WinogradPlanes, _ right: WinogradPlanes, tiles: Int, into weight: UnsafeMutablePointer<Float>
  ) {
    let steps = tapSteps
    let strips = WinogradPass.strips(of: g.inputChannels, vectors: Self.correlatedVectors, threads: Threads.count)
    Threads.forEach(phases * strips.count) { task in
      let (phase, strip) = task.quotientAndRemainder(dividingBy: strips.count)
      let rows = strips[strip]
      var lefts = left.view
      lefts.start += phase * g.inputChannels + rows.lowerBound
      var rights = right.view
      ck_winograd_correlation(
        taps.rawValue, &lefts, &rights, tiles, rows.count, g.outputChannels,
        weight + firstTap(of: phase) + rows.lowerBound * g.outputChannels, steps.row, steps.column)
    }
  }

  /// Planes of [rows, columns] of the weights [cout, cin] of the input gradient of one phase: taps in reverse order, their
  /// matrices transposed.
  func transformAdjoint(
    _ weight: UnsafePointer<Float>, phase: Int, rows: Range<Int>, columns: Range<Int>,
    into planes: UnsafeMutablePointer<Float>, plane: Int
  ) {
    let steps = tapSteps
    Threads.forEachRange(rows.count, grain: max(1, Self.taskElements / columns.count)) { part in
      let size = part.count * columns.count
      let turned = Scratch.floats(taps.count * taps.count * size, for: .flippedWeight)
      for tap in 0..<taps.count * taps.count {
        let (y, x) = (taps.count - 1 - tap / taps.count, taps.count - 1 - tap % taps.count)
        let matrix = weight + firstTap(of: phase) + y * steps.row + x * steps.column
        ck_transpose(
          matrix + columns.lowerBound * g.outputChannels + rows.lowerBound + part.lowerBound, g.outputChannels,
          columns.count, part.count, turned + tap * size, columns.count)
      }
      ck_winograd_weight(
        taps.rawValue, turned, taps.count * size, size, size, planes + part.lowerBound * columns.count, plane)
    }
  }

  /// Asks for one of `shares` shares of what `transform` reads, or with a phase `transformAdjoint`.
  func prefetch(
    _ weight: UnsafePointer<Float>, adjointPhase: Int?, rows: Range<Int>, columns: Range<Int>, share: Int,
    of shares: Int
  ) {
    let steps = tapSteps
    // Inputs are the rows of each tap's matrix, outputs its columns.
    let (inputs, outputs) = adjointPhase == nil ? (rows, columns) : (columns, rows)
    let count = taps.count * taps.count * inputs.count
    var place = count * share / shares
    let end = count * (share + 1) / shares
    while place < end {
      let (tap, offset) = place.quotientAndRemainder(dividingBy: inputs.count)
      let (phase, row) = (inputs.lowerBound + offset).quotientAndRemainder(dividingBy: g.inputChannels)
      let run = min(end - place, inputs.count - offset, g.inputChannels - row)
      let matrix =
        weight + firstTap(of: adjointPhase ?? phase) + tap / taps.count * steps.row + tap % taps.count * steps.column
      ck_prefetch(matrix + row * g.outputChannels + outputs.lowerBound, g.outputChannels, run, outputs.count)
      place += run
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
