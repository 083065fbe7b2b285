import CLineupKernels

/// result = back(planes(source) · weights) for one tiling of results: the forward pass, or the input gradient of one phase.
struct WinogradPass {
  let taps: WinogradTaps
  /// The tilings whose channels lie one after another in the rows of the transformed source.
  let sources: [ck_tiling]
  let target: ck_tiling

  /// Floats between the ends of two planes of weights, so that the streams of a transform do not share cache sets.
  static let planePadding = 16

  private var tiles: Int { target.count }
  private var depth: Int { sources.reduce(0) { $0 + $1.channels } }

  func run(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WinogradMatrices
  ) {
    if isNarrow {
      runInBlocks(source: source, result: result, bias: bias, weights: weights)
    } else {
      runInStrips(source: source, result: result, bias: bias, weights: weights)
    }
  }

  // MARK: Narrow layers

  /// Blocks of tiles read all transformed weights anew, which must come from a cache; with few tiles, strips are better for
  /// much narrower layers. On a Zen 4, one thread, strips and blocks in ms: 128→128 with 64 tiles 1.08 and 1.17, with 256 tiles
  /// 3.8 and 3.6; 160→160 with 64 tiles 1.47 and 1.51, with 256 6.3 and 5.7; 64→128 of 4×4 taps with 64 tiles 1.51 and 1.58, with
  /// 256 5.7 and 5.1; 96→96 from 1 to 512 tiles the same or up to a fifth more in strips.
  private var isNarrow: Bool {
    let (always, withManyTiles, manyTiles) = (384 * 1024, 1024 * 1024, 128)
    let weights = taps.planes * depth * target.channels
    return weights <= always || weights <= withManyTiles && tiles > manyTiles
  }

  /// Tiles of a block, multiples of 8, the rows of a product's inner block: so few that both sides stay in a second-level
  /// cache (5–10 % faster than 64 at 28 channels), but more where weights are larger, to read them less often.
  private static func blockTiles(channels: Int) -> Int { channels < 96 ? 32 : 24 }
  /// A task is a few blocks in a row, so that the pixels that transforms prefetch are mostly its own.
  private static let mostTasks = 64

  /// Each thread takes blocks of tiles through all three steps, so that they stay in its cache.
  private func runInBlocks(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WinogradMatrices
  ) {
    let (depth, width, planes, tiles) = (depth, target.channels, taps.planes, tiles)
    let weightPlane = depth * width + Self.planePadding
    let matrices = Scratch.floats(planes * weightPlane, for: .transformedWeight)
    weights.transform(rows: 0..<depth, columns: 0..<width, into: matrices, plane: weightPlane)
    // Small batches are cut finer, for all threads to have some.
    let block = max(16, min(Self.blockTiles(channels: depth + width), tiles / 8) / 8 * 8)
    let blocks = (tiles + block - 1) / block
    let blocksOfTask = (blocks + Self.mostTasks - 1) / Self.mostTasks
    Threads.forEach((blocks + blocksOfTask - 1) / blocksOfTask) { task in
      let end = min(tiles, (task + 1) * blocksOfTask * block)
      for first in stride(from: task * blocksOfTask * block, to: end, by: block) {
        let count = min(block, end - first)
        let inputs = WinogradPlanes(taps, tiles: count, channels: depth, in: .transformedInput)
        let outputs = WinogradPlanes(taps, tiles: count, channels: width, in: .transformedOutput)
        sources.transform(source, taps: taps, tiles: first..<first + count, into: inputs)
        for plane in 0..<planes {
          let needed = target.tiles(of: first..<first + count, plane: plane, taps: taps)
          multiply(
            m: needed.count, n: width, k: depth, inputs.matrix(plane, tiles: needed),
            MatrixView(matrices + plane * weightPlane, columns: width), into: outputs.start(plane, tiles: needed),
            rowStride: outputs.row)
        }
        transformBack(outputs, tiles: first..<first + count, columns: 0..<width, bias: bias, into: result)
      }
    }
  }

  // MARK: Wide layers

  /// Vectors of columns of the result at a time, at most: a panel of a product.
  private static let stripVectors = 3
  /// Rows of weights at a time: with 48 columns in 36 planes they take 440 KB, less than a second-level cache.
  private static let stripRows = 64
  /// Floats of transformed source at a time, half of a third-level cache.
  private static let wideBlockFloats = 4 * 1024 * 1024
  /// Tiles of a task, at least: each task transforms its weights.
  private static let leastTiles = 64
  private static let transformedTilesOfTask = 4

  /// Tasks are strips of columns. Transformed weights are many times those of the convolution, so a strip makes them for a
  /// few rows, multiplies by them while they are in the second-level cache, and meanwhile asks for the weights that follow,
  /// which come in rows too short to be foreseen. Where there are fewer strips than threads, tasks are parts of the tiles too.
  private func runInStrips(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WinogradMatrices
  ) {
    let strips = Self.strips(of: target.channels, vectors: Self.stripVectors, threads: Threads.count)
    let block = min(512, max(Self.leastTiles, Self.wideBlockFloats / (taps.planes * depth) / 8 * 8))
    for first in stride(from: 0, to: tiles, by: block) {
      let range = first..<min(tiles, first + block)
      let inputs = WinogradPlanes(taps, tiles: range.count, channels: depth, in: .transformedInput)
      Self.forEachPart(of: range) { part in
        sources.transform(source, taps: taps, tiles: part, into: inputs.dropping(tiles: part.lowerBound - first))
      }
      let parts = max(1, min(range.count / Self.leastTiles, (2 * Threads.count - 1) / strips.count))
      Threads.forEach(strips.count * parts) { task in
        let (strip, part) = task.quotientAndRemainder(dividingBy: parts)
        let columns = strips[strip]
        // Mostly a thread goes on with the next strip.
        let following = parts == 1 && strip + 1 < strips.count ? strips[strip + 1] : nil
        let begin = range.count * part / parts
        let count = range.count * (part + 1) / parts - begin
        let tiles = first + begin..<first + begin + count
        let outputs = product(
          of: inputs.dropping(tiles: begin), tiles: tiles, columns: columns, following: following, weights: weights)
        transformBack(outputs, tiles: tiles, columns: columns, bias: bias, into: result)
      }
    }
  }

  /// Planes of [tiles, columns] in scratch.
  private func product(
    of inputs: WinogradPlanes, tiles: Range<Int>, columns: Range<Int>, following: Range<Int>?, weights: WinogradMatrices
  ) -> WinogradPlanes {
    let (rows, width) = (Self.stripRows, columns.count)
    let outputs = WinogradPlanes(taps, tiles: tiles.count, channels: width, in: .transformedOutput)
    let plane = rows * width + Self.planePadding
    let matrices = Scratch.floats(taps.planes * plane, for: .transformedWeight)
    for first in stride(from: 0, to: depth, by: rows) {
      let range = first..<min(depth, first + rows)
      weights.transform(rows: range, columns: columns, into: matrices, plane: plane)
      let isLast = range.upperBound == depth
      let next = isLast ? 0..<min(depth, rows) : range.upperBound..<min(depth, range.upperBound + rows)
      for index in 0..<taps.planes {
        if let columns = isLast ? following : columns {
          weights.prefetch(rows: next, columns: columns, share: index, of: taps.planes)
        }
        let needed = target.tiles(of: tiles, plane: index, taps: taps)
        multiply(
          m: needed.count, n: width, k: range.count, inputs.matrix(index, tiles: needed).dropping(floats: first),
          MatrixView(matrices + index * plane, columns: width), from: first == 0 ? .zero : .result,
          into: outputs.start(index, tiles: needed), rowStride: outputs.row)
      }
    }
    return outputs
  }

  /// Strips of at most `most` whole vectors of columns, about equal, as many for each thread: 128 columns in strips of 48, 48
  /// and 32 would leave the second of two threads idle for a third of the time.
  static func strips(of columns: Int, vectors most: Int, threads: Int) -> [Range<Int>] {
    let lanes = WinogradConvolution.minimumChannels
    let vectors = columns / lanes
    let least = (vectors + most - 1) / most
    let even = (least + threads - 1) / threads * threads
    let count = 2 * even <= vectors ? even : least
    func edge(_ index: Int) -> Int { index == count ? columns : vectors * index / count * lanes }
    return (0..<count).map { edge($0)..<edge($0 + 1) }
  }

  /// Calls `body` with parts of a few tiles each, on all threads.
  static func forEachPart(of tiles: Range<Int>, _ body: (Range<Int>) -> Void) {
    let size = transformedTilesOfTask
    Threads.forEach((tiles.count + size - 1) / size) { task in
      let first = tiles.lowerBound + task * size
      body(first..<min(first + size, tiles.upperBound))
    }
  }

  private func transformBack(
    _ planes: WinogradPlanes, tiles: Range<Int>, columns: Range<Int>, bias: UnsafePointer<Float>?,
    into images: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: target) {
      ck_winograd_output(
        taps.rawValue, $0, planes.floats, planes.plane, planes.row, columns.lowerBound, columns.count,
        tiles.lowerBound, tiles.count, bias, images)
    }
  }
}
