import CKernels

/// How many taps a transform takes in each direction.
enum WinogradTaps: Int32 {
  case two = 2
  case three = 3

  var count: Int { Int(rawValue) }

  /// Planes of transformed data, the square of a tile's inputs.
  var planes: Int { (count + 3) * (count + 3) }
}

extension ck_tiling {
  /// Tiles over the batch.
  var count: Int { batch * tiles_y * tiles_x }

  /// Asks for one of `shares` shares of the tiles' pixels, to be in cache when a transform comes to them.
  func prefetch(_ images: UnsafePointer<Float>, _ tiles: Range<Int>, share: Int, of shares: Int) {
    let first = tiles.count * share / shares
    let count = tiles.count * (share + 1) / shares - first
    guard count > 0 else { return }
    withUnsafePointer(to: self) { ck_winograd_prefetch($0, images, tiles.lowerBound + first, count) }
  }
}

extension [ck_tiling] {
  /// The transformed tiles of these tilings of one batch of images, the channels of one after those of another.
  func transform(
    _ images: UnsafePointer<Float>, taps: WinogradTaps, tiles: Range<Int>, into planes: UnsafeMutablePointer<Float>,
    plane: Int
  ) {
    let row = reduce(0) { $0 + $1.channels }
    var column = 0
    for tiling in self {
      withUnsafePointer(to: tiling) {
        ck_winograd_input(taps.rawValue, $0, images, tiles.lowerBound, tiles.count, planes + column, plane, row)
      }
      column += tiling.channels
    }
  }
}
