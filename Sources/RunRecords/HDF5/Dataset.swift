internal import CLineupHDF5
import LineupSupport

/// How a dataset's chunks are packed.
enum Packing {
  case none
  /// For images: zlib alone; shuffling bytes of 8-bit values does nothing.
  case deflated
  /// For series of numbers: bytes of equal weight are put together first.
  case shuffled
}

/// What a new dataset looks like.
struct DatasetLayout {
  var type: ElementType
  /// `[]` for a single value.
  var shape: [Int]
  /// Whether the first axis can grow; then the dataset is chunked.
  var grows = false
  /// Rows in a chunk; nil stores everything in one piece.
  var chunkRows: Int?
  var packing = Packing.none
  /// What is read where nothing was written (numbers only).
  var fill: Double?
}

/// An array in an HDF5 file. The first axis is called rows.
final class Dataset: AttributeOwner {
  let handle: Handle
  let place: Place
  private let fileSize: Int

  init(_ handle: Handle, _ place: Place, fileSize: Int = .max) {
    self.handle = handle
    self.place = place
    self.fileSize = fileSize
  }

  /// Creates a dataset, with missing groups on the way.
  convenience init(
    creating path: String, in file: RunFile, _ layout: DatasetLayout, attributes: [(String, AttributeValue)] = []
  ) throws(Fault) {
    let place = file.place(path)
    let type = try layout.type.handle(place)
    let space = try acquire(.writing, place, release: H5Sclose) {
      guard !layout.shape.isEmpty else { return H5Screate(H5S_SCALAR) }
      let extent = layout.shape.map { hsize_t($0) }
      var limits = extent
      if layout.grows { limits[0] = chdf5_unlimited() }
      return H5Screate_simple(Int32(extent.count), extent, limits)
    }
    let creation = try acquire(.writing, place, release: H5Pclose) { H5Pcreate(chdf5_dataset_create_class()) }
    try call(.writing, place) { Self.configure(creation.id, layout) }
    let links = try acquire(.writing, place, release: H5Pclose) { chdf5_link_creation() }
    let handle = try acquire(.writing, place, release: H5Dclose) {
      H5Dcreate2(file.handle.id, path, type.id, space.id, links.id, creation.id, chdf5_default())
    }
    self.init(handle, place)
    try setAttributes(attributes)
  }

  private static func configure(_ list: hid_t, _ layout: DatasetLayout) -> herr_t {
    var worst = H5Pset_obj_track_times(list, false)
    if var fill = layout.fill {
      worst = min(worst, H5Pset_fill_value(list, chdf5_type_f64(), &fill))
    }
    guard let chunkRows = layout.chunkRows, !layout.shape.isEmpty else {
      // Allocated at once: overwriting it in place must not need new space later.
      return min(worst, H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY))
    }
    let chunk = [hsize_t(max(1, chunkRows))] + layout.shape.dropFirst().map { hsize_t($0) }
    worst = min(worst, H5Pset_chunk(list, Int32(chunk.count), chunk))
    if layout.packing == .shuffled { worst = min(worst, H5Pset_shuffle(list)) }
    if layout.packing != .none { worst = min(worst, H5Pset_deflate(list, 4)) }
    return worst
  }

  func shape() throws(Fault) -> [Int] {
    let space = try acquire(.reading, place, release: H5Sclose) { H5Dget_space(handle.id) }
    return try LineupRunRecords.shape(of: space, place)
  }

  /// The type's name, as `ElementType.name`.
  func type() throws(Fault) -> String {
    typeName(try acquire(.reading, place, release: H5Tclose) { H5Dget_type(handle.id) })
  }

  // MARK: Writing

  /// Overwrites the whole dataset and makes that visible.
  func write(_ bytes: [UInt8], as type: ElementType) throws(Fault) {
    let memory = try type.handle(place)
    try call(.writing, place) {
      H5Dwrite(handle.id, memory.id, chdf5_all(), chdf5_all(), chdf5_default(), bytes)
    }
    try flush()
  }

  /// Grows the dataset to `first + rows` rows, writes the new ones and makes them visible.
  func append(_ bytes: [UInt8], as type: ElementType, from first: Int, rows: Int) throws(Fault) {
    var extent = try shape().map { hsize_t($0) }
    extent[0] = hsize_t(first + rows)
    try call(.writing, place) { H5Dset_extent(handle.id, extent) }
    let space = try acquire(.writing, place, release: H5Sclose) { H5Dget_space(handle.id) }
    try call(.writing, place) {
      chdf5_select_rows(space.id, Int32(extent.count), extent, hsize_t(first), hsize_t(rows))
    }
    extent[0] = hsize_t(rows)
    let memorySpace = try acquire(.writing, place, release: H5Sclose) {
      H5Screate_simple(Int32(extent.count), extent, nil)
    }
    let memory = try type.handle(place)
    try call(.writing, place) {
      H5Dwrite(handle.id, memory.id, memorySpace.id, space.id, chdf5_default(), bytes)
    }
    try flush()
  }

  /// Makes what was written visible to readers, and safe against the death of this process. Nothing is left for closing
  /// to write: there a full disk would go unseen, or end the process.
  private func flush() throws(Fault) {
    try call(.writing, place) { H5Dflush(handle.id) }
  }

  // MARK: Reading

  /// The bytes as they are in the file, of some rows or of everything.
  func bytes(rows: Range<Int>? = nil) throws(Fault) -> [UInt8] {
    try read(acquire(.reading, place, release: H5Tclose) { H5Dget_type(handle.id) }, rows: rows)
  }

  /// The values of a dataset whose elements are numbers of any type, converted to f64.
  func numbers(rows: Range<Int>? = nil) throws(Fault) -> [Double] {
    try requireNumbers()
    return values(try read(Handle(chdf5_type_f64(), release: nil), rows: rows), as: Double.self)
  }

  /// The values of a dataset whose elements are integers of any type.
  func integers(rows: Range<Int>? = nil) throws(Fault) -> [Int] {
    try requireNumbers()
    return values(try read(Handle(chdf5_type_i64(), release: nil), rows: rows), as: Int.self)
  }

  /// The single string of a scalar dataset.
  func string() throws(Fault) -> String {
    guard try type().hasPrefix("string") else {
      throw .unexpected(file: place.file, object: place.object, found: try type(), expected: "a string")
    }
    return text(try bytes())
  }

  private func requireNumbers() throws(Fault) {
    let type = try acquire(.reading, place, release: H5Tclose) { H5Dget_type(handle.id) }
    guard chdf5_is_integer(type.id) != 0 || chdf5_is_float(type.id) != 0 else {
      throw .unexpected(file: place.file, object: place.object, found: typeName(type), expected: "numbers")
    }
  }

  private func read(_ memory: Handle, rows: Range<Int>?) throws(Fault) -> [UInt8] {
    var shape = try shape()
    let space = try acquire(.reading, place, release: H5Sclose) { H5Dget_space(handle.id) }
    if let rows, !shape.isEmpty {
      guard rows.upperBound <= shape[0] else {
        throw .damaged(
          file: place.file, object: place.object, reason: "it has \(shape[0]) rows of \(rows.upperBound)")
      }
      let extent = shape.map { hsize_t($0) }
      try call(.reading, place) {
        chdf5_select_rows(space.id, Int32(extent.count), extent, hsize_t(rows.lowerBound), hsize_t(rows.count))
      }
      shape[0] = rows.count
    }
    var count = H5Tget_size(memory.id)
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Unpacking.limit(packed: fileSize) else {
        throw .damaged(file: place.file, object: place.object, reason: "its shape \(shape) does not fit into the file")
      }
      count = product
    }
    guard count > 0 else { return [] }
    let memorySpace = try acquire(.reading, place, release: H5Sclose) {
      shape.isEmpty
        ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
    }
    var bytes = [UInt8](repeating: 0, count: count)
    try call(.reading, place) {
      H5Dread(handle.id, memory.id, memorySpace.id, space.id, chdf5_default(), &bytes)
    }
    return bytes
  }
}
