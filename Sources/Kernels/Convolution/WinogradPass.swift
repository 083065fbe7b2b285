import CKernels

/// result = back(planes(source) · weights) for one tiling of results: the forward pass, or the input gradient of one phase.
struct WinogradPass {
  let taps: WinogradTaps
  /// The tilings whose channels lie one after another in the rows of the transformed source.
  let sources: [ck_tiling]
  let target: ck_tiling

  /// Fills planes of [depth, columns] with the weights that lead to these columns of the result.
  typealias WeightTransform = (_ columns: Range<Int>, _ planes: UnsafeMutablePointer<Float>, _ plane: Int) -> Void

  /// Floats between the ends of two planes of weights, so that the streams of a transform do not share cache sets.
  static let planePadding = 16

  private var tiles: Int { target.count }
  private var depth: Int { sources.reduce(0) { $0 + $1.channels } }

  func run(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WeightTransform
  ) {
    if taps.planes * depth * target.channels <= Self.narrowWeights {
      runInBlocks(source: source, result: result, bias: bias, weights: weights)
    } else {
      runInPlanes(source: source, result: result, bias: bias, weights: weights)
    }
  }

  // MARK: Narrow layers

  /// Transformed weights up to this many floats are read anew for each block of tiles, from cache.
  private static let narrowWeights = 640 * 1024
  /// Tiles of a block, multiples of 8, the rows of a product's inner block: so few that both sides stay in a second-level
  /// cache (5–10 % faster than 64 at 28 channels), but more where weights are larger, to read them less often.
  private static func blockTiles(channels: Int) -> Int { channels < 96 ? 32 : 48 }
  /// A task is a few blocks in a row, so that the next one's pixels can be asked for while this one is multiplied.
  private static let mostTasks = 64

  /// Each thread takes blocks of tiles through all three steps, so that they stay in its cache.
  private func runInBlocks(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WeightTransform
  ) {
    let (depth, width, planes, tiles) = (depth, target.channels, taps.planes, tiles)
    let weightPlane = depth * width + Self.planePadding
    let matrices = Scratch.floats(planes * weightPlane, for: .transformedWeight)
    weights(0..<width, matrices, weightPlane)
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
        let next = first + count..<min(end, first + count + block)
        for plane in 0..<planes {
          multiply(
            m: count, n: width, k: depth, inputs.matrix(plane),
            MatrixView(matrices + plane * weightPlane, columns: width), into: outputs.floats + plane * outputs.plane,
            rowStride: outputs.row)
          target.prefetch(result, first..<first + count, share: plane, of: planes)
          for tiling in sources { tiling.prefetch(source, next, share: plane, of: planes) }
        }
        transformBack(outputs, tiles: first..<first + count, columns: 0..<width, bias: bias, into: result)
      }
    }
  }

  // MARK: Wide layers

  /// Floats of transformed weights at a time: they are written, read once for each block of tiles, and dropped.
  private static let sliceFloats = 2 * 1024 * 1024
  /// Floats of transformed source and result at a time.
  private static let wideBlockFloats = 2 * 1024 * 1024
  private static let transformedTilesOfTask = 4

  /// Threads share the planes of each block, so that large weights are read once for many tiles. Weights that would not fit
  /// into a cache are transformed a slice of columns at a time.
  private func runInPlanes(
    source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    weights: WeightTransform
  ) {
    let (depth, width, planes, tiles) = (depth, target.channels, taps.planes, tiles)
    let slices = Self.slices(of: width, floatsOfEach: planes * depth)
    let widest = slices.map(\.count).max()!
    let weightPlane = depth * widest + Self.planePadding
    let matrices = Scratch.floats(planes * weightPlane, for: .transformedWeight)
    if slices.count == 1 { weights(0..<width, matrices, weightPlane) }
    let fitting = Self.wideBlockFloats / (planes * (depth + widest))
    let block = min(512, max(64, fitting / 8 * 8))
    for first in stride(from: 0, to: tiles, by: block) {
      let range = first..<min(tiles, first + block)
      let inputs = WinogradPlanes(taps, tiles: range.count, channels: depth, in: .transformedInput)
      let outputs = WinogradPlanes(taps, tiles: range.count, channels: widest, in: .transformedOutput)
      Self.forEachPart(of: range) { part in
        sources.transform(source, taps: taps, tiles: part, into: inputs.dropping(tiles: part.lowerBound - first))
      }
      for columns in slices {
        if slices.count > 1 { weights(columns, matrices, weightPlane) }
        Threads.forEach(planes) { plane in
          multiply(
            m: range.count, n: columns.count, k: depth, inputs.matrix(plane),
            MatrixView(matrices + plane * weightPlane, columns: columns.count),
            into: outputs.floats + plane * outputs.plane, rowStride: outputs.row)
        }
        Self.forEachPart(of: range) { part in
          transformBack(
            outputs.dropping(tiles: part.lowerBound - first), tiles: part, columns: columns, bias: bias, into: result)
        }
      }
    }
  }

  /// Ranges of rows or columns, about equal and multiples of a vector but for the last, that fit into `sliceFloats`.
  static func slices(of size: Int, floatsOfEach floats: Int) -> [Range<Int>] {
    let fitting = max(64, sliceFloats / floats)
    let count = (size + fitting - 1) / fitting
    let step = ((size + count - 1) / count + 15) / 16 * 16
    // A last slice narrower than a vector joins the one before.
    let starts = stride(from: 0, to: max(1, size - 15), by: step)
    return starts.map { $0..<($0 + step + 15 >= size ? size : $0 + step) }
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
