import Synchronization

/// The ledger of floating-point work: what products and convolutions of this process have executed so far.
///
/// Two operations for each multiply-add, counted as the direct algorithm would need them whichever algorithm ran, so that a
/// faster kernel does not change what an experiment's budget means.
package enum ExecutedWork {
  private static let counter = Atomic<Int>(0)
  private static let byteCounter = Atomic<Int>(0)

  /// Operations since the process started; never decreases.
  package static var flops: Int { counter.load(ordering: .relaxed) }

  /// Bytes of all operands and results of operations on tensors since the process started, each counted once an operation,
  /// whether it came from memory or from a cache.
  package static var bytes: Int { byteCounter.load(ordering: .relaxed) }

  /// Records that an operation has taken or given so many numbers.
  package static func add(floats: Int) {
    byteCounter.wrappingAdd(floats * MemoryLayout<Float>.stride, ordering: .relaxed)
  }

  /// Records work that a kernel outside this module has done.
  package static func add(multiplyAdds: Int) {
    counter.wrappingAdd(2 * multiplyAdds, ordering: .relaxed)
  }
}
