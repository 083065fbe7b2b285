import CLineupKernels

/// The weight gradient in planes: planes(left)ᵀ · planes(right), summed over tiles.
struct WinogradCorrelation {
  let taps: WinogradTaps
  /// The tilings whose channels lie one after another in the rows of the transformed left-hand side.
  let left: [ck_tiling]
  let right: ck_tiling
  let weights: WinogradWeights

  private static let planePadding = WinogradPass.planePadding

  private var tiles: Int { right.count }
  private var depth: Int { left.reduce(0) { $0 + $1.channels } }
  /// Floats of the sums of all planes.
  private var sumFloats: Int { taps.planes * depth * right.channels }

  func run(left: UnsafePointer<Float>, right: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>) {
    // Sums of their own for each part of the batch, as long as adding them up is a small part of the work; 1, 2, 4 or 8 parts,
    // for two threads would do three in the time of four.
    let mostParts = min(8, Self.partialSums / sumFloats, tiles / 64)
    let parts = [8, 4, 2].first { $0 <= mostParts } ?? 1
    if parts > 1 {
      runInParts(parts, left: left, right: right, into: weight)
    } else if tilesAreFew {
      runAtOnce(left: left, right: right, into: weight)
    } else {
      runInPlanes(left: left, right: right, into: weight)
    }
  }

  // MARK: Narrow layers

  /// Floats that all partial sums may take.
  private static let partialSums = 640 * 1024
  /// Tiles of a block, so few that both transformed sides stay in a second-level cache: at 28 and 32 channels 10 % faster
  /// than 128.
  private static let blockTiles = 32

  /// Each thread sums over a part of the tiles, in blocks that stay in its cache. The number of parts is a matter of shape,
  /// so that the order of additions is one too.
  private func runInParts(
    _ parts: Int, left: UnsafePointer<Float>, right: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>
  ) {
    let (depth, width, planes, tiles) = (depth, self.right.channels, taps.planes, tiles)
    let sumPlane = depth * width + Self.planePadding
    let sums = Scratch.floats(parts * planes * sumPlane, for: .partialSums)
    let block = Self.blockTiles
    Threads.forEach(parts) { part in
      let (begin, end) = (tiles * part / parts, tiles * (part + 1) / parts)
      for first in stride(from: begin, to: end, by: block) {
        let range = first..<min(first + block, end)
        let lefts = WinogradPlanes(taps, tiles: range.count, channels: depth, in: .transformedInput)
        let rights = WinogradPlanes(taps, tiles: range.count, channels: width, in: .transformedOutput)
        transform(left, right, tiles: range, into: lefts, and: rights)
        for plane in 0..<planes {
          let needed = self.right.tiles(of: range, plane: plane, taps: taps)
          multiply(
            m: depth, n: width, k: needed.count, lefts.matrix(plane, tiles: needed).transposed,
            rights.matrix(plane, tiles: needed), from: first == begin ? .zero : .result,
            into: sums + (part * planes + plane) * sumPlane)
        }
      }
    }
    weights.transformBack(sums, plane: sumPlane, part: planes * sumPlane, parts: parts, into: weight)
  }

  // MARK: Wide layers

  /// Floats of both transformed sides at a time.
  private static let wideBlockFloats = 512 * 1024

  private var block: Int {
    let fitting = Self.wideBlockFloats / (taps.planes * (depth + right.channels))
    return min(1024, max(64, fitting / 8 * 8))
  }

  /// Up to a block; or more where the sums are so large that each further block would fetch them from a third-level cache:
  /// 128 tiles, on a Zen 4: 256 to 320 channels 7 to 13 % faster at once, but 128 channels 10 % slower, and 640, whose
  /// transformed sides are too large themselves, 20 %.
  ///
  /// With 16 registers (the same processor confined to AVX2) a step of DCGAN, 64 and 256 tiles, took 0.189 s at once and 0.151
  /// in planes, one of a wide U-Net, 4 and 16 tiles, 0.61 and 0.80.
  private var tilesAreFew: Bool {
    let (largeSums, mostFloats, mostOfFewRegisters) = (1024 * 1024, 3072 * 1024, 32)
    if tiles > mostOfFewRegisters, ck_winograd_correlation_shares_loads() == 0 { return false }
    return tiles <= block
      || sumFloats > largeSums
        && taps.planes * tiles * (depth + right.channels) <= mostFloats
  }

  /// Few tiles: products would spend more time on storing their sums than on making them.
  private func runAtOnce(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>
  ) {
    let lefts = WinogradPlanes(taps, tiles: tiles, channels: depth, in: .transformedInput)
    let rights = WinogradPlanes(taps, tiles: tiles, channels: self.right.channels, in: .transformedOutput)
    transformOnAllThreads(left, right, tiles: 0..<tiles, into: lefts, and: rights)
    weights.correlate(lefts, rights, tiles: tiles, into: weight)
  }

  /// Blocks of tiles follow one another and threads share the planes of each, so that one set of sums is enough.
  private func runInPlanes(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>
  ) {
    let (depth, width, planes, tiles, block) = (depth, self.right.channels, taps.planes, tiles, block)
    let lefts = WinogradPlanes(taps, tiles: block, channels: depth, in: .transformedInput)
    let rights = WinogradPlanes(taps, tiles: block, channels: width, in: .transformedOutput)
    let sumPlane = depth * width + Self.planePadding
    let sums = Scratch.floats(planes * sumPlane, for: .transformedWeight)
    for first in stride(from: 0, to: tiles, by: block) {
      let range = first..<min(first + block, tiles)
      transformOnAllThreads(left, right, tiles: range, into: lefts, and: rights)
      Threads.forEach(planes) { plane in
        let needed = self.right.tiles(of: range, plane: plane, taps: taps)
        multiply(
          m: depth, n: width, k: needed.count, lefts.matrix(plane, tiles: needed).transposed,
          rights.matrix(plane, tiles: needed), from: first == 0 ? .zero : .result, into: sums + plane * sumPlane)
      }
    }
    weights.transformBack(sums, plane: sumPlane, part: 0, parts: 1, into: weight)
  }

  private func transformOnAllThreads(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, tiles: Range<Int>, into lefts: WinogradPlanes,
    and rights: WinogradPlanes
  ) {
    WinogradPass.forEachPart(of: tiles) { part in
      let offset = part.lowerBound - tiles.lowerBound
      transform(left, right, tiles: part, into: lefts.dropping(tiles: offset), and: rights.dropping(tiles: offset))
    }
  }

  private func transform(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, tiles: Range<Int>, into lefts: WinogradPlanes,
    and rights: WinogradPlanes
  ) {
    self.left.transform(left, taps: taps, tiles: tiles, into: lefts)
    withUnsafePointer(to: self.right) {
      ck_winograd_output_adjoint(
        taps.rawValue, $0, right, tiles.lowerBound, tiles.count, rights.floats, rights.plane, rights.row)
    }
  }
}
