import Glibc

/// Working memory of one thread: a few buffers that grow to the largest size asked for and are then reused, because fresh
/// pages cost more than the arithmetic done on them (six times, measured on 8 MiB).
final class Scratch {
  /// Purposes whose buffers may be in use at the same time on one thread.
  enum Purpose: Int, CaseIterable {
    case window, offsets, partialSums, flippedWeight, transformedWeight, transformedInput, transformedOutput,
      repeatedBias, moments, channelTerms, attention, fileRows, turnedProduct
  }

  private var buffers = [UnsafeMutableRawPointer?](repeating: nil, count: Purpose.allCases.count)
  private var capacities = [Int](repeating: 0, count: Purpose.allCases.count)

  deinit {
    for (buffer, capacity) in zip(buffers, capacities) {
      if let buffer { Arena.discard(buffer, bytes: capacity) }
    }
  }

  /// At least `count` floats with undefined contents, aligned to 64 bytes. Valid until the same purpose is asked for again
  /// on this thread.
  static func floats(_ count: Int, for purpose: Purpose) -> UnsafeMutablePointer<Float> {
    ofThisThread.memory(bytes: count * MemoryLayout<Float>.stride, at: purpose.rawValue)
      .assumingMemoryBound(to: Float.self)
  }

  /// The same for numbers in double precision.
  static func doubles(_ count: Int, for purpose: Purpose) -> UnsafeMutablePointer<Double> {
    ofThisThread.memory(bytes: count * MemoryLayout<Double>.stride, at: purpose.rawValue)
      .assumingMemoryBound(to: Double.self)
  }

  /// The same for integers.
  static func integers(_ count: Int, for purpose: Purpose) -> UnsafeMutablePointer<Int> {
    ofThisThread.memory(bytes: count * MemoryLayout<Int>.stride, at: purpose.rawValue)
      .assumingMemoryBound(to: Int.self)
  }

  private func memory(bytes: Int, at index: Int) -> UnsafeMutableRawPointer {
    if let buffer = buffers[index], capacities[index] >= bytes { return buffer }
    if let outgrown = buffers[index] { Arena.discard(outgrown, bytes: capacities[index]) }
    // Grows by half at least, so that all that was outgrown is not more than a few times the last.
    let size = max(4096, bytes, capacities[index] * 3 / 2)
    let buffer = Arena.allocate(bytes: size)
    buffers[index] = buffer
    capacities[index] = size
    return buffer
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { Unmanaged<Scratch>.fromOpaque($0!).release() }
    return key
  }()

  private static var ofThisThread: Scratch {
    if let existing = pthread_getspecific(key) {
      return Unmanaged<Scratch>.fromOpaque(existing).takeUnretainedValue()
    }
    let scratch = Scratch()
    pthread_setspecific(key, Unmanaged.passRetained(scratch).toOpaque())
    return scratch
  }
}
