import Foundation
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct TensorSourceTests {
  /// A file with the given header fields and bytes.
  private func file(_ dtype: String, _ shape: [Int], _ bytes: Data, shift: Int = 0) throws -> SafetensorsFile {
    let temporary = TemporaryFile("tensors.safetensors")
    defer { withExtendedLifetime(temporary) {} }
    // A header of any length puts the values at any address.
    let header =
      "{\"x\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[0,\(bytes.count)]}}"
      + String(repeating: " ", count: shift)
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    data += Data(header.utf8) + bytes
    try data.write(to: URL(fileURLWithPath: temporary.path))
    return try SafetensorsFile(path: temporary.path)
  }

  /// A half-precision number by its definition: sign · 2^(e − 15) · 1.f, or sign · 2^−14 · 0.f.
  private func value(half bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    return exponent == 0
      ? sign * fraction * 0x1p-14 : sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
  }

  @Test(arguments: [0, 1]) func everyNumberOfHalfPrecisionIsReadExactly(shift: Int) throws {
    let all = (0...UInt16.max).map { $0 }
    let bytes = all.withUnsafeBytes { Data($0) }
    let halves = try file("F16", [65536], bytes, shift: shift).tensor("x").values
    let bfloats = try file("BF16", [65536], bytes, shift: shift).tensor("x").values
    for bits in all {
      let (half, expected) = (halves[Int(bits)], value(half: bits))
      #expect(half.bitPattern == expected.bitPattern || (half.isNaN && expected.isNaN))
      #expect(bfloats[Int(bits)].bitPattern == UInt32(bits) << 16)
    }
  }

  @Test(arguments: [[3, 5], [70, 33], [128, 64], [9, 20, 3, 3], [72, 65, 1, 1], [65, 130, 3, 3], [20, 3, 1, 4]])
  func weightsAreLaidOutAsLayersHaveThem(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let numbers = Tensor((0..<count).map { Float($0 % 2039) }, shape: shape)
    let expected = shape.count == 2 ? numbers.transposed() : numbers.permuted([2, 3, 1, 0])
    for shift in [0, 1] {
      let single = try file("F32", shape, numbers.withValues { Data(buffer: $0) }, shift: shift)
      let double = try file("F64", shape, numbers.values.map(Double.init).withUnsafeBytes { Data($0) }, shift: shift)
      let half = try file("F16", shape, numbers.values.map { halfBits($0) }.withUnsafeBytes { Data($0) }, shift: shift)
      for file in [single, double, half] {
        let found = try file.weights("x")
        #expect(found.shape == expected.shape && found.values == expected.values)
        // The file's pages were let go of; they are read again.
        #expect(try file.tensor("x").values == numbers.values)
      }
    }
  }

  /// The bits of a whole number below 2048.
  private func halfBits(_ value: Float) -> UInt16 {
    value == 0 ? 0 : UInt16(value.exponent + 15) << 10 | UInt16((value.significand - 1) * 1024)
  }

  /// Bytes of a file's mapping that are in memory, as the kernel counts them.
  private func residentBytes(of path: String) throws -> Int {
    let handle = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let lines = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
    let mapping = lines.firstIndex { $0.contains(path) }
    let line = mapping.flatMap { lines[$0...].first { $0.hasPrefix("Rss:") } }
    return 1024 * (Int(line?.split(separator: " ")[1] ?? "") ?? -1)
  }

  @Test func aFileLeavesMemoryAsItsTensorsAreRead() throws {
    let temporary = TemporaryFile("tensors.safetensors")
    defer { withExtendedLifetime(temporary) {} }
    let path = temporary.path
    var writer = SafetensorsWriter()
    for index in 0..<4 { writer.add("layer\(index)", .ones([1024, 1024])) }
    try writer.write(to: path)
    let file = try SafetensorsFile(path: path)
    for index in 0..<4 {
      #expect(try file.weights("layer\(index)").values.allSatisfy { $0 == 1 })
      // The kernel may keep up to two of its largest pages, 2 MiB each, around what is read; a tensor has 4 MiB.
      let resident = try residentBytes(of: path)
      #expect((0...4 << 20).contains(resident), "\(resident) bytes")
    }
  }

  @Test func aViewHasOtherNamesShapesAndParts() throws {
    let numbers: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    let file = try file("F32", [6, 2, 1, 1], numbers.withUnsafeBytes { Data($0) })
    let view = try RenamedTensors(file) { entry in
      (0..<3).map { .init("part\($0)", index: $0, of: 3, entry: entry) } + [.init("whole", shape: [6, 2])]
    }
    #expect(view.entries.map(\.shape) == [[2, 2, 1, 1], [2, 2, 1, 1], [2, 2, 1, 1], [6, 2]])
    #expect(try view.tensor("part1").values == [5, 6, 7, 8])
    #expect(try view.weights("part2").values == [9, 11, 10, 12])
    #expect(try view.tensor("whole").values == numbers && !view.contains("x"))
    #expect(view.nameInFile("whole") == "x" && view.nameInFile("part1") == "x (part 2 of 3)")
    #expect(throws: Fault.self) { try view.tensor("x") }
    #expect(throws: Fault.self) {
      try RenamedTensors(file) { [.init("same", shape: $0.shape), .init("same", shape: $0.shape)] }
    }
  }

  @Test func networksForLoadingTakeNoMemory() {
    // 2⁴⁰ weights would be 4 TiB.
    var random = RandomStream.forLoading.split("any purpose").split(3)
    let layer = Linear(1 << 20, to: 1 << 20, random: &random)
    #expect(layer.weight.shape == [1 << 20, 1 << 20] && layer.bias?.shape == [1 << 20])
  }
}
