import Synchronization

/// Hands out float buffers and takes them back, because a fresh large buffer costs several times a reused one
/// (page faults). Size classes are powers of two with quarter steps.
public final class BufferPool: Sendable {
  /// Counters since the process started; over training steps of equal shape `misses` stays flat.
  public struct Counters: Sendable, Equatable {
    /// Requests answered from the pool, and requests that had to allocate.
    public var hits = 0
    public var misses = 0
    /// Bytes handed out now, the most there ever were, and bytes kept for reuse.
    public var liveBytes = 0
    public var peakBytes = 0
    public var idleBytes = 0
  }

  private struct State {
    var free: [Int: [UInt]] = [:]
    var counters = Counters()
  }

  /// The pool that all tensors share.
  public static let shared = BufferPool()

  private let state = Mutex(State())
  /// Idle bytes above which returned buffers are freed instead of kept.
  private let idleLimit = 2 << 30

  public var counters: Counters { state.withLock { $0.counters } }

  /// Starts the peak anew at what is live now, so that a phase can be measured.
  public func resetPeak() { state.withLock { $0.counters.peakBytes = $0.counters.liveBytes } }

  /// Frees the buffers that are kept for reuse, for a change to work of other shapes.
  public func releaseIdle() {
    let idle = state.withLock { state in
      defer { (state.free, state.counters.idleBytes) = ([:], 0) }
      return state.free.values.flatMap { $0 }
    }
    for address in idle { UnsafeMutableRawPointer(bitPattern: address)!.deallocate() }
  }

  /// The smallest size class that holds `count` floats.
  static func capacity(for count: Int) -> Int {
    if count <= 16 { return 16 }
    let power = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    let quarter = max(power / 4, 4)
    return (count + quarter - 1) / quarter * quarter
  }

  func take(capacity: Int) -> UnsafeMutablePointer<Float> {
    let reused: UInt? = state.withLock { state in
      state.counters.liveBytes += capacity * 4
      state.counters.peakBytes = max(state.counters.peakBytes, state.counters.liveBytes)
      if let address = state.free[capacity]?.popLast() {
        state.counters.hits += 1
        state.counters.idleBytes -= capacity * 4
        return address
      }
      state.counters.misses += 1
      return nil
    }
    if let reused { return UnsafeMutablePointer(bitPattern: reused)! }
    return UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: capacity)
  }

  func give(back pointer: UnsafeMutablePointer<Float>, capacity: Int) {
    let kept = state.withLock { state -> Bool in
      state.counters.liveBytes -= capacity * 4
      guard state.counters.idleBytes + capacity * 4 <= idleLimit else { return false }
      state.free[capacity, default: []].append(UInt(bitPattern: pointer))
      state.counters.idleBytes += capacity * 4
      return true
    }
    if !kept { UnsafeMutableRawPointer(pointer).deallocate() }
  }
}
