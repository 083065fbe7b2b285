import Glibc
import Synchronization

/// Memory for tensors and scratch, in large pages where the system gives them to those who ask.
///
/// Kernels walk through matrices whose rows are often 4 KiB apart or more: with small pages every row is an address to be
/// looked up, and twice on a virtual machine (products with operands from memory: up to a fifth slower). Buffers lie one
/// after another in large chunks, so that a large page is shared by small ones and hardly any memory is lost at ends.
package enum Arena {
  private struct Chunk {
    var next = 0
    var end = 0
  }

  private static let chunk = Mutex(Chunk())
  /// All that the system gave so far.
  private static let mappedBytes = Atomic<Int>(0)
  /// Bytes that are asked of the system at a time; what is not touched yet takes no memory.
  private static let chunkBytes = 64 << 20
  /// Larger buffers are chunks of their own.
  private static let mostShared = 16 << 20
  private static let largePage = 2 << 20
  private static let line = 64
  /// Bytes between two buffers, an odd number of cache lines: sizes are often powers of two, and buffers that are read
  /// together would share the sets of a cache.
  private static let gap = 9 * line

  /// A buffer aligned to a cache line, with undefined contents; it is never unmapped, see `discard`.
  package static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let size = (bytes + line - 1) / line * line
    if size > mostShared { return UnsafeMutableRawPointer(bitPattern: map(bytes: size))! }
    return chunk.withLock { chunk in
      if chunk.next + size > chunk.end {
        chunk.next = map(bytes: chunkBytes)
        chunk.end = chunk.next + chunkBytes
      }
      defer { chunk.next += size + gap }
      return UnsafeMutableRawPointer(bitPattern: chunk.next)!
    }
  }

  /// Gives the memory of a buffer back to the system. Its addresses stay valid; its contents are lost.
  package static func discard(_ buffer: UnsafeMutableRawPointer, bytes: Int) {
    let page = 4096
    let begin = (Int(bitPattern: buffer) + page - 1) / page * page
    let end = (Int(bitPattern: buffer) + bytes) / page * page
    if end > begin { madvise(UnsafeMutableRawPointer(bitPattern: begin), end - begin, MADV_DONTNEED) }
  }

  /// Ends the process with a sentence where the system would not give so much, for the sake of libraries that wait for it.
  static func expect(bytes: Int) {
    let mapping = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapping, mapping != MAP_FAILED else {
      MemoryExhaustion.end(asking: bytes, using: mappedBytes.load(ordering: .relaxed))
    }
    munmap(mapping, bytes)
  }

  /// The address of fresh memory that begins with a large page.
  private static func map(bytes: Int) -> Int {
    let mapping = mmap(
      nil, bytes + largePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapping, mapping != MAP_FAILED else {
      MemoryExhaustion.end(asking: bytes, using: mappedBytes.load(ordering: .relaxed))
    }
    mappedBytes.add(bytes, ordering: .relaxed)
    let start = (Int(bitPattern: mapping) + largePage - 1) / largePage * largePage
    // Where there are no large pages, small ones do.
    madvise(UnsafeMutableRawPointer(bitPattern: start), bytes, MADV_HUGEPAGE)
    return start
  }
}
