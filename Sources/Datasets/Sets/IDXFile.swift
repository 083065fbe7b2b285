import LineupFormats
import LineupSupport

/// An array of bytes in the IDX format of the MNIST family: a magic number, big-endian sizes, then the values.
package struct IDXFile: Sendable, Equatable {
  /// The sizes of all axes, outermost first.
  package let shape: [Int]
  package let values: [UInt8]

  /// Reads an IDX file of unsigned bytes, gzip-compressed or plain. Its header says how many bytes are read.
  ///
  /// - Parameter rank: how many axes the file must have.
  package init(path: String, rank: Int, missingAdvice: String = "check the path") throws(Fault) {
    let file = try CompressedFile(path, missingAdvice: missingAdvice)
    shape = try Self.shape(in: try file.read(Self.headerSize(rank)), path: path, rank: rank)
    let size = shape.reduce(1, *)
    guard size <= file.limit else {
      throw .malformed(
        path, place: "sizes, byte 4",
        found: "\(size) bytes for the announced shape \(Self.described(shape)) in a file of \(file.packedSize) bytes",
        expected: "at most \(file.limit) bytes, which is more than pictures are ever packed to so few")
    }
    values = try file.read(size)
    let rest = values.count == size ? try file.read(1).count : 0
    try Self.check(values.count + rest, shape: shape, path: path, isMore: rest > 0)
  }

  /// Reads IDX from memory; `path` only names the source in errors.
  package init(bytes: [UInt8], path: String, rank: Int) throws(Fault) {
    shape = try Self.shape(in: bytes, path: path, rank: rank)
    values = Array(bytes[Self.headerSize(rank)...])
    try Self.check(values.count, shape: shape, path: path)
  }

  private static func headerSize(_ rank: Int) -> Int { 4 + 4 * rank }

  private static func shape(in bytes: [UInt8], path: String, rank: Int) throws(Fault) -> [Int] {
    let header = headerSize(rank)
    guard bytes.count >= header else {
      throw .malformed(
        path, place: "header", found: "\(bytes.count) bytes", expected: "at least \(header) bytes")
    }
    // Two zero bytes, 8 for unsigned bytes, the number of axes.
    let magic = integer(bytes, at: 0)
    let expected = 0x0800 + rank
    guard magic == expected else {
      throw .malformed(
        path, place: "magic number, byte 0", found: hexadecimal(magic), expected: hexadecimal(expected))
    }
    let shape = (0..<rank).map { integer(bytes, at: 4 + 4 * $0) }
    var size = 1
    for (axis, length) in shape.enumerated() {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw .malformed(
          path, place: "size of axis \(axis), byte \(4 + 4 * axis)", found: "\(length)",
          expected: "sizes whose product is a sensible number of bytes")
      }
      size = product
    }
    return shape
  }

  /// - Parameter isMore: whether there are more values than were read.
  private static func check(_ count: Int, shape: [Int], path: String, isMore: Bool = false) throws(Fault) {
    let size = shape.reduce(1, *)
    guard count != size else { return }
    throw .malformed(
      path, place: "values, byte \(headerSize(shape.count))", found: "\(count) bytes\(isMore ? " or more" : "")",
      expected: "\(size) bytes for the announced shape \(described(shape))"
        + (count < size ? "; the file was cut short" : ""))
  }

  private static func described(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "×") }

  private static func integer(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
