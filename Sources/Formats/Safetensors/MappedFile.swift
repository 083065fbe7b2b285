import Foundation
import LineupSupport

/// A file in memory that is read page by page as it is used, and whose pages are let go of afterwards, so that a checkpoint
/// and the network made of it are never in memory together.
final class MappedFile: @unchecked Sendable {
  /// All bytes; only read. Whoever holds them must also hold the file.
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws(Fault) {
    let (descriptor, count) = try WholeFile.open(path)
    defer { close(descriptor) }
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw .unreadable(path, String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
  }

  /// Lends some bytes, then lets go of the pages that hold nothing else; a later use reads them again.
  func withBytes(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    defer { withExtendedLifetime(self) {} }
    body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let (first, end) = ((range.lowerBound + page - 1) / page * page, range.upperBound / page * page)
    guard let address = bytes.baseAddress, end > first else { return }
    madvise(UnsafeMutableRawPointer(mutating: address + first), end - first, Int32(MADV_DONTNEED))
  }
}
