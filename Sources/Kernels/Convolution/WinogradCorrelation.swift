import CKernels

/// The weight gradient in planes: planes(left)ᵀ · planes(right), summed over tiles.
struct WinogradCorrelation {
  let taps: WinogradTaps
  /// The tilings whose channels lie one after another in the rows of the transformed left-hand side.
  let left: [ck_tiling]
  let right: ck_tiling

  /// Takes the sums of these rows of [depth, width]: `parts` sets of planes of [rows, width], `part` floats apart, to be
  /// added up.
  typealias BackTransform = (
    _ rows: Range<Int>, _ planes: UnsafePointer<Float>, _ plane: Int, _ part: Int, _ parts: Int
  ) -> Void

  private static let planePadding = WinogradPass.planePadding

  private var tiles: Int { right.count }
  private var depth: Int { left.reduce(0) { $0 + $1.channels } }

  func run(left: UnsafePointer<Float>, right: UnsafePointer<Float>, back: BackTransform) {
    // Sums of their own for each part of the batch, as long as adding them up is a small part of the work.
    let sums = taps.planes * depth * self.right.channels
    let parts = min(8, Self.partialSums / sums, tiles / 64)
    if parts > 1 {
      runInParts(parts, left: left, right: right, back: back)
    } else {
      runInPlanes(left: left, right: right, back: back)
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
  private func runInParts(_ parts: Int, left: UnsafePointer<Float>, right: UnsafePointer<Float>, back: BackTransform) {
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
        let next = range.upperBound..<min(range.upperBound + block, end)
        for plane in 0..<planes {
          multiply(
            m: depth, n: width, k: range.count, lefts.matrix(plane).transposed, rights.matrix(plane),
            from: first == begin ? .zero : .result, into: sums + (part * planes + plane) * sumPlane)
          for tiling in self.left { tiling.prefetch(left, next, share: plane, of: planes) }
          self.right.prefetch(right, next, share: plane, of: planes)
        }
      }
    }
    back(0..<depth, sums, sumPlane, planes * sumPlane, parts)
  }

  // MARK: Wide layers

  /// Floats of both transformed sides at a time.
  private static let wideBlockFloats = 512 * 1024
  /// Floats of sums at a time where all tiles are one block, so that they are transformed back from a second-level cache.
  private static let slicedSums = 256 * 1024

  /// Blocks of tiles follow one another and threads share the planes of each, so that one set of sums is enough. If there is
  /// only one block, tasks are slices of rows instead, which lie together in the weight.
  private func runInPlanes(left: UnsafePointer<Float>, right: UnsafePointer<Float>, back: BackTransform) {
    let (depth, width, planes, tiles) = (depth, self.right.channels, taps.planes, tiles)
    let fitting = Self.wideBlockFloats / (planes * (depth + width))
    let block = min(1024, max(64, fitting / 8 * 8))
    let lefts = WinogradPlanes(taps, tiles: min(block, tiles), channels: depth, in: .transformedInput)
    let rights = WinogradPlanes(taps, tiles: min(block, tiles), channels: width, in: .transformedOutput)
    func transformBlock(_ range: Range<Int>) {
      WinogradPass.forEachPart(of: range) { part in
        let offset = part.lowerBound - range.lowerBound
        transform(
          left, right, tiles: part, into: lefts.dropping(tiles: offset), and: rights.dropping(tiles: offset))
      }
    }
    guard tiles > block else {
      transformBlock(0..<tiles)
      Threads.forEachRange(depth, grain: max(8, Self.slicedSums / (planes * width) / 8 * 8)) { rows in
        let sumPlane = rows.count * width + Self.planePadding
        let sums = Scratch.floats(planes * sumPlane, for: .transformedWeight)
        for plane in 0..<planes {
          multiply(
            m: rows.count, n: width, k: tiles, lefts.matrix(plane).transposed.dropping(rows: rows.lowerBound),
            rights.matrix(plane), into: sums + plane * sumPlane)
        }
        back(rows, sums, sumPlane, 0, 1)
      }
      return
    }
    let sumPlane = depth * width + Self.planePadding
    let sums = Scratch.floats(planes * sumPlane, for: .transformedWeight)
    for first in stride(from: 0, to: tiles, by: block) {
      let range = first..<min(first + block, tiles)
      transformBlock(range)
      Threads.forEach(planes) { plane in
        multiply(
          m: depth, n: width, k: range.count, lefts.matrix(plane).transposed, rights.matrix(plane),
          from: first == 0 ? .zero : .result, into: sums + plane * sumPlane)
      }
    }
    back(0..<depth, sums, sumPlane, 0, 1)
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
