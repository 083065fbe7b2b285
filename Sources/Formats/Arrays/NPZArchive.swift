import CLineupZlib
import LineupSupport

/// NumPy's `.npz`: arrays by name in a ZIP archive, which `numpy.load` opens.
///
/// The usual exchange form for samples is `arr_0` of bytes, `[count, height, width, channels]`, with labels in `arr_1`.
package struct NPZArchive: Sendable {
  /// One array: its element type in NumPy's notation, its shape and its bytes in C order, little-endian.
  package struct Array: Sendable {
    let type: String
    let shape: [Int]
    let bytes: [UInt8]

    /// Unsigned bytes.
    package init(_ values: [UInt8], shape: [Int]) {
      self.init(type: "|u1", shape: shape, bytes: values, elementSize: 1)
    }

    /// 32-bit integers, such as labels.
    package init(_ values: [Int32], shape: [Int]) {
      self.init(type: "<i4", shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) }, elementSize: 4)
    }

    /// 64-bit integers.
    package init(_ values: [Int64], shape: [Int]) {
      self.init(type: "<i8", shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) }, elementSize: 8)
    }

    /// Texts, each as long as the longest: four bytes a character, filled up with zeros.
    package init(_ values: [String]) {
      let length = max(1, values.map(\.unicodeScalars.count).max() ?? 0)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(values.count * length * 4)
      for value in values {
        for scalar in value.unicodeScalars {
          withUnsafeBytes(of: scalar.value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: repeatElement(0, count: 4 * (length - value.unicodeScalars.count)))
      }
      self.init(type: "<U\(length)", shape: [values.count], bytes: bytes, elementSize: 4 * length)
    }

    /// 32-bit floating-point numbers.
    package init(_ values: [Float], shape: [Int]) {
      self.init(type: "<f4", shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) }, elementSize: 4)
    }

    private init(type: String, shape: [Int], bytes: [UInt8], elementSize: Int) {
      precondition(
        shape.reduce(elementSize, *) == bytes.count,
        "\(bytes.count / elementSize) values do not fill an array of the shape \(shape)")
      (self.type, self.shape, self.bytes) = (type, shape, bytes)
    }

    /// The array as an `.npy` file, format 1.0: a text header padded so that the data starts at a multiple of 64.
    var file: [UInt8] {
      let sizes = shape.map { "\($0)," }.joined(separator: " ")
      var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
      header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
      let length = UInt16(header.utf8.count)
      return [0x93] + [UInt8]("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + [UInt8](header.utf8)
        + bytes
    }
  }

  /// The arrays with their names, in the order to write them.
  package var arrays: [(name: String, array: Array)]

  package init(_ arrays: [(name: String, array: Array)]) {
    self.arrays = arrays
  }

  /// Writes the archive, whole or not at all. The same arrays give the same bytes.
  package func write(to path: String) throws(Fault) {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let start = archive.count
      let content = array.file
      guard content.count < Int(UInt32.max), start < Int(UInt32.max) else {
        throw .unwritable(path, "\(name) would make an archive of more than 4 GiB; export fewer samples")
      }
      let fields = Self.entryFields(name, content: content, packed: Self.deflated(content))
      archive += Self.little(0x0403_4B50, 4) + fields.head + fields.name + fields.packed
      // Made by version 2.0; no comment, first disk, no attributes.
      directory += Self.little(0x0201_4B50, 4) + Self.little(20, 2) + fields.head + Self.little(0, 10)
      directory += Self.little(start, 4) + fields.name
    }
    let end =
      Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(arrays.count, 2) + Self.little(arrays.count, 2)
      + Self.little(directory.count, 4) + Self.little(archive.count, 4) + Self.little(0, 2)
    try DurableFile.write(archive + directory + end, to: path)
  }

  /// The part that a ZIP entry's two headers have in common: version, flags, method 8 (deflate), the date 1980-01-01 so
  /// that equal arrays give equal files, checksum, sizes.
  private static func entryFields(
    _ name: String, content: [UInt8], packed: [UInt8]
  ) -> (head: [UInt8], name: [UInt8], packed: [UInt8]) {
    let name = [UInt8]((name + ".npy").utf8)
    var head = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 2) + little(0x21, 2)
    head += little(Int(crc32(0, content, UInt32(content.count))), 4)
    head += little(packed.count, 4) + little(content.count, 4) + little(name.count, 2) + little(0, 2)
    return (head, name, packed)
  }

  /// Raw deflate data (RFC 1951), without the zlib frame.
  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let started = deflateInit2_(
      &stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib could not start: not enough memory")
    defer { deflateEnd(&stream) }
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))) { output, count in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        let result = deflate(&stream, Z_FINISH)
        precondition(result == Z_STREAM_END, "zlib stopped before its end (\(result))")
        count = output.count - Int(stream.avail_out)
      }
    }
  }

  private static func little(_ number: Int, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
