import CLineupKernels

/// Images `[rows, width, channels]` (rows of all images together) whose pixels stand for blocks of `factor × factor` others.
package struct BlockGeometry: Sendable {
  package var rows, width, channels, factor: Int

  package init(rows: Int, width: Int, channels: Int, factor: Int) {
    (self.rows, self.width, self.channels, self.factor) = (rows, width, channels, factor)
  }

  /// Rows of pixels that make a task worth starting.
  fileprivate var grain: Int { max(1, loopGrain / max(1, width * channels * factor * factor)) }
  /// Floats of one row of pixels, and of the row of blocks that it stands for.
  fileprivate var rowLength: Int { width * channels }
  fileprivate var blockRowLength: Int { width * channels * factor * factor }
}

/// `output` holds each pixel repeated over its block.
package func enlarge(_ g: BlockGeometry, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(g.rows, grain: g.grain) { rows in
    let first = rows.lowerBound
    ck_enlarge(
      rows.count, g.width, g.channels, g.factor, input + first * g.rowLength, output + first * g.blockRowLength)
  }
}

/// `output` holds the sum over each block.
package func sumBlocks(_ g: BlockGeometry, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
  Threads.forEachRange(g.rows, grain: g.grain) { rows in
    let first = rows.lowerBound
    ck_sum_blocks(
      rows.count, g.width, g.channels, g.factor, input + first * g.blockRowLength, output + first * g.rowLength)
  }
}
