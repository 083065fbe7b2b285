import LineupKernels
import Testing

@Suite struct ArenaTests {
  /// Buffers of all sizes, those that share a chunk and those that do not, are aligned, apart, and keep what is written.
  @Test func buffersAreAlignedAndApart() {
    let sizes = [1, 64, 100, 4096, 70_000, 1 << 20, (3 << 20) + 4, (17 << 20) + 12, 2 << 20, 5]
    let buffers = sizes.map { Arena.allocate(bytes: $0) }
    for (place, buffer) in buffers.enumerated() {
      #expect(Int(bitPattern: buffer) % 64 == 0)
      buffer.initializeMemory(as: UInt8.self, repeating: UInt8(place + 1), count: sizes[place])
    }
    for (place, buffer) in buffers.enumerated() {
      #expect(buffer.load(as: UInt8.self) == UInt8(place + 1))
      #expect(buffer.load(fromByteOffset: sizes[place] - 1, as: UInt8.self) == UInt8(place + 1))
      Arena.discard(buffer, bytes: sizes[place])
    }
  }

  /// What is given back is memory still, and its neighbours are left alone.
  @Test func discardedBuffersCanBeUsedAgain() {
    let size = (1 << 20) + 100
    let buffers = (0..<3).map { _ in Arena.allocate(bytes: size) }
    for buffer in buffers { buffer.initializeMemory(as: UInt8.self, repeating: 7, count: size) }
    Arena.discard(buffers[1], bytes: size)
    let middle = buffers[1].load(fromByteOffset: size / 2, as: UInt8.self)
    #expect(middle == 0)
    for buffer in [buffers[0], buffers[2]] {
      #expect((0..<size).allSatisfy { buffer.load(fromByteOffset: $0, as: UInt8.self) == 7 })
    }
    buffers[1].initializeMemory(as: UInt8.self, repeating: 9, count: size)
    #expect(buffers[1].load(fromByteOffset: size - 1, as: UInt8.self) == 9)
    for buffer in buffers { Arena.discard(buffer, bytes: size) }
  }
}
