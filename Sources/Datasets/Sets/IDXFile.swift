import LineupFormats
import LineupSupport

/// An array of bytes in the IDX format of the MNIST family: a magic number, big-endian sizes, then the values.
package struct IDXFile: Sendable, Equatable {
  /// The sizes of all axes, outermost first.
  package let shape: [Int]
  package let values: [UInt8]

  /// Reads an IDX file of unsigned bytes, gzip-compressed or plain.
  ///
  /// - Parameter rank: how many axes the file must have.
  package init(path: String, rank: Int, missingAdvice: String = "check the path") throws(Fault) {
    try self.init(
      bytes: try CompressedFile.read(path, missingAdvice: missingAdvice), path: path, rank: rank)
  }

  /// Reads IDX from memory; `path` only names the source in errors.
  package init(bytes: [UInt8], path: String, rank: Int) throws(Fault) {
    let header = 4 + 4 * rank
    guard bytes.count >= header else {
      throw .malformed(
        path, place: "header", found: "\(bytes.count) bytes", expected: "at least \(header) bytes")
    }
    // Two zero bytes, 8 for unsigned bytes, the number of axes.
    let magic = Self.integer(bytes, at: 0)
    let expected = 0x0800 + rank
    guard magic == expected else {
      throw .malformed(
        path, place: "magic number, byte 0", found: Self.hexadecimal(magic), expected: Self.hexadecimal(expected))
    }
    let shape = (0..<rank).map { Self.integer(bytes, at: 4 + 4 * $0) }
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
    guard bytes.count - header == size else {
      throw .malformed(
        path, place: "values, byte \(header)", found: "\(bytes.count - header) bytes",
        expected: "\(size) bytes for the announced shape \(shape.map(String.init).joined(separator: "×"))"
          + (bytes.count - header < size ? "; the file was cut short" : ""))
    }
    self.shape = shape
    values = Array(bytes[header...])
  }

  private static func integer(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
