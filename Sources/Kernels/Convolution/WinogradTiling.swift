import CLineupKernels

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

  var view: ck_planes { ck_planes(start: floats, plane: plane, row: row) }

  /// The same without the first tiles.
  func dropping(tiles: Int) -> Self { Self(floats: floats + tiles * row, row: row, plane: plane) }

  /// One plane as a matrix [tiles, channels], of these tiles.
  func matrix(_ index: Int, tiles: Range<Int>) -> MatrixView {
    MatrixView(start(index, tiles: tiles), columns: row)
  }

  /// Where the rows of these tiles begin in one plane.
  func start(_ index: Int, tiles: Range<Int>) -> UnsafeMutablePointer<Float> {
    floats + index * plane + tiles.lowerBound * row
  }
}

/// Tiles along one axis: as many of four as there can be if the others, all of three, leave as little over as possible.
struct WinogradAxis {
  let tiles, whole: Int

  init(size: Int) {
    tiles = (size + 3) / 4
    whole = max(0, size - 3 * tiles)
  }
}

extension ck_tiling {
  init(
    batch: Int, height: Int, width: Int, channels: Int, rows: WinogradAxis, columns: WinogradAxis, padTop: Int,
    padLeft: Int, stride: Int
  ) {
    self.init(
      batch: batch, height: height, width: width, channels: channels, tiles_y: rows.tiles, tiles_x: columns.tiles,
      whole_y: rows.whole, whole_x: columns.whole, pad_top: padTop, pad_left: padLeft, stride: stride)
  }

  /// Tiles over the batch.
  var count: Int { batch * tiles_y * tiles_x }

  /// Which tiles of a range need one plane, counted from the first of the range.
  func tiles(of range: Range<Int>, plane: Int, taps: WinogradTaps) -> Range<Int> {
    let infinity = taps.count + 2
    let (row, column) = plane.quotientAndRemainder(dividingBy: infinity + 1)
    let shortInColumns = batch * whole_y * (tiles_x - whole_x)
    let begin = column == infinity ? shortInColumns : 0
    let end =
      row == infinity ? batch * whole_y * tiles_x : column == infinity ? begin + batch * tiles_y * whole_x : count
    let needed = range.clamped(to: begin..<end)
    return needed.lowerBound - range.lowerBound..<needed.upperBound - range.lowerBound
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
