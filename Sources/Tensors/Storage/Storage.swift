/// A pooled float buffer with one or more owners. Only a unique owner writes, which is what makes it `Sendable`.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  private let capacity: Int

  /// A buffer of at least `count` floats, with whatever numbers were left in it.
  init(count: Int) {
    capacity = BufferPool.capacity(for: count)
    pointer = BufferPool.shared.take(capacity: capacity)
  }

  deinit { BufferPool.shared.give(back: pointer, capacity: capacity) }

  /// What a tensor holds whose values were dropped because no derivative needs them, or have not come yet.
  static let dropped = Storage(count: 0)
}
