import Synchronization

/// The threads that kernels share.
///
/// Kernels cut their work at fixed boundaries, so results have the same bits whatever the count is.
package enum Threads {
  private static let requested = Atomic<Int>(1)
  private static let pool = WorkerPool()

  /// How many threads a kernel may use, the calling one included.
  package static var count: Int {
    get { requested.load(ordering: .relaxed) }
    set {
      require(newValue >= 1, "The number of threads must be at least 1, not \(newValue).")
      requested.store(newValue, ordering: .relaxed)
    }
  }

  /// Calls `body` once with each index below `tasks`, in any order and on any thread, and returns when all are done.
  ///
  /// Calls from inside `body`, and calls while another thread is using the pool, run on the calling thread alone. `body`
  /// must not touch what another index writes.
  package static func forEach(_ tasks: Int, _ body: (Int) -> Void) {
    let threads = min(count, tasks)
    if threads <= 1 || !pool.run(tasks: tasks, threads: threads, body) {
      for index in 0..<tasks { body(index) }
    }
  }

  /// Calls `body` with ranges that cover `0 ..< count`, each of `grain` indices but the last, as `forEach` calls its tasks.
  ///
  /// `grain` must not depend on the number of threads where `body` adds up what is in its range.
  static func forEachRange(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let tasks = (count + grain - 1) / grain
    guard tasks > 1 else { return count > 0 ? body(0..<count) : () }
    forEach(tasks) { body($0 * grain..<min(count, ($0 + 1) * grain)) }
  }
}
