import CLineupKernels

/// The part of a batch of images [height, width, channels] that the windows of a convolution slide over, padding included.
struct WindowShape {
  var imageHeight: Int
  var imageWidth: Int
  var channels: Int
  /// The image row and column where windows begin; negative in the padding.
  var firstRow: Int
  var firstColumn: Int
  var columns: Int

  /// Floats of one row.
  var rowLength: Int { columns * channels }

  /// Copies `rows` rows of each of `images`, from `rowOffset` rows after the first, into scratch: [images, rows, columns,
  /// channels].
  func copy(
    _ source: UnsafePointer<Float>, images: Range<Int>, rows: Int, rowOffset: Int = 0
  ) -> UnsafePointer<Float> {
    let size = rows * rowLength
    let window = Scratch.floats(images.count * size, for: .window)
    for (place, image) in images.enumerated() {
      ck_copy_window(
        source + image * imageHeight * imageWidth * channels, imageHeight, imageWidth, channels,
        firstRow + rowOffset, rows, firstColumn, columns, window + place * size)
    }
    return UnsafePointer(window)
  }
}

/// Where each row of a windowed product begins, in the windows and in the result: images × rows × groups of positions.
struct OffsetTable {
  let source: UnsafePointer<Int>
  let result: UnsafePointer<Int>

  /// - Parameter storage: Room for twice as many integers as there are rows.
  init(
    images: Int, imageStride: Int, rows: Int, rowStride: Int, groups: Int, groupStride: Int, start: Int,
    resultImageStride: Int, resultRowStride: Int, resultGroupStride: Int, resultStart: Int,
    in storage: UnsafeMutablePointer<Int>
  ) {
    let count = images * rows * groups
    let source = storage
    let result = storage + count
    var next = 0
    for image in 0..<images {
      for row in 0..<rows {
        for group in 0..<groups {
          source[next] = start + image * imageStride + row * rowStride + group * groupStride
          result[next] =
            resultStart + image * resultImageStride + row * resultRowStride + group * resultGroupStride
          next += 1
        }
      }
    }
    self.source = UnsafePointer(source)
    self.result = UnsafePointer(result)
  }
}

/// One product over windows: each result row of `resultLength` floats from `runs` runs of `runLength` floats.
struct WindowPass {
  var runs: Int
  var runLength: Int
  var resultLength: Int
  /// [runs · runLength, resultLength]
  var matrix: UnsafePointer<Float>
  /// [resultLength]
  var bias: UnsafePointer<Float>?
  var table: OffsetTable

  /// Computes the table's rows `positions`.
  func run(
    _ positions: Range<Int>, window: UnsafePointer<Float>, runStride: Int, result: UnsafeMutablePointer<Float>
  ) {
    ck_multiply_gathered(
      positions.count, resultLength, runs, runLength, window, table.source + positions.lowerBound, 1, runStride, matrix,
      bias, 0, result, table.result + positions.lowerBound)
  }
}
