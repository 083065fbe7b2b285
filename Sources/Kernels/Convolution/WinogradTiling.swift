import CKernels

/// How many taps a transform takes in each direction.
enum WinogradTaps: Int32 {
  case two = 2
  case three = 3

  var count: Int { Int(rawValue) }

  /// Planes of transformed data, the square of a tile's inputs.
  var planes: Int { (count + 3) * (count + 3) }
}

/// Transformed tiles: rows of channels, one for each tile, in `taps.planes` planes.
struct WinogradPlanes {
  let floats: UnsafeMutablePointer<Float>
  /// Floats from one tile to the next. (Whole vectors, so that none straddles two cache lines, gained nothing.)
  let row: Int
  /// Floats from one plane to the next: a little apart, so that the streams of a transform do not share cache sets.
  let plane: Int

  init(_ taps: WinogradTaps, tiles: Int, channels: Int, in purpose: Scratch.Purpose) {
    row = channels
    plane = tiles * row + 16
    floats = Scratch.floats(taps.planes * plane, for: purpose)
  }

  private init(floats: UnsafeMutablePointer<Float>, row: Int, plane: Int) {
    (self.floats, self.row, self.plane) = (floats, row, plane)
  }

  /// The same without the first tiles.
  func dropping(tiles: Int) -> Self { Self(floats: floats + tiles * row, row: row, plane: plane) }

  /// One plane as a matrix [tiles, channels].
  func matrix(_ index: Int) -> MatrixView {
    MatrixView(floats + index * plane, columns: row)
  }
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
    _ images: UnsafePointer<Float>, taps: WinogradTaps, tiles: Range<Int>, into planes: WinogradPlanes
  ) {
    var column = 0
    for tiling in self {
      withUnsafePointer(to: tiling) {
        ck_winograd_input(
          taps.rawValue, $0, images, tiles.lowerBound, tiles.count, planes.floats + column, planes.plane, planes.row)
      }
      column += tiling.channels
    }
  }
}
