import LineupKernels
import Synchronization

/// Hands out float buffers and takes them back, because a fresh large buffer costs several times a reused one
/// (page faults). Size classes are powers of two with quarter steps.
package final class BufferPool: Sendable {
  /// Counters since the process started; over training steps of equal shape `misses` stays flat.
  package struct Counters: Sendable, Equatable {
    /// Requests answered from the pool, and requests that had to allocate.
    package var hits = 0
    package var misses = 0
    /// Bytes handed out now, the most there ever were, and bytes kept for reuse.
    package var liveBytes = 0
    package var peakBytes = 0
    package var idleBytes = 0
  }

  private struct IdleBuffer {
    var address: UInt
    /// Whether it still holds memory, or only its addresses.
    var isKept: Bool
  }

  private struct State {
    var free: [Int: [IdleBuffer]] = [:]
    var counters = Counters()
  }

  /// The pool that all tensors share.
  package static let shared = BufferPool()

  private let state = Mutex(State())
  /// Idle bytes above which the memory of returned buffers goes back to the system.
  private let idleLimit = 2 << 30

  package var counters: Counters { state.withLock { $0.counters } }

  /// Starts the peak anew at what is live now, so that a phase can be measured.
  package func resetPeak() { state.withLock { $0.counters.peakBytes = $0.counters.liveBytes } }

  /// Gives the memory of buffers that are kept for reuse back to the system, for a change to work of other shapes.
  package func releaseIdle() {
    state.withLock { state in
      for (capacity, buffers) in state.free {
        for (index, buffer) in buffers.enumerated() where buffer.isKept {
          Arena.discard(UnsafeMutableRawPointer(bitPattern: buffer.address)!, bytes: capacity * 4)
          state.free[capacity]![index].isKept = false
        }
      }
      state.counters.idleBytes = 0
    }
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
      guard let buffer = state.free[capacity]?.popLast() else {
        state.counters.misses += 1
        return nil
      }
      if buffer.isKept {
        state.counters.hits += 1
        state.counters.idleBytes -= capacity * 4
      } else {
        state.counters.misses += 1
      }
      return buffer.address
    }
    if let reused { return UnsafeMutablePointer(bitPattern: reused)! }
    return Arena.allocate(bytes: capacity * 4).bindMemory(to: Float.self, capacity: capacity)
  }

  func give(back pointer: UnsafeMutablePointer<Float>, capacity: Int) {
    state.withLock { state in
      state.counters.liveBytes -= capacity * 4
      let isKept = state.counters.idleBytes + capacity * 4 <= idleLimit
      if isKept {
        state.counters.idleBytes += capacity * 4
      } else {
        Arena.discard(pointer, bytes: capacity * 4)
      }
      state.free[capacity, default: []].append(IdleBuffer(address: UInt(bitPattern: pointer), isKept: isKept))
    }
  }
}
