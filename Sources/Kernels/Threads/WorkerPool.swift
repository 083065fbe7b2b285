import CKernels
import Glibc
import Synchronization

/// Sleeping POSIX threads that help the calling thread through one job at a time.
///
/// Dispatch would do, but its threads keep their own floating-point mode and its wake-ups cost more than a small product.
/// Between jobs a helper looks out for the next one for some microseconds before it sleeps: kernels of one training step
/// follow one another closely, and waking a sleeper takes longer than many of them.
final class WorkerPool: @unchecked Sendable {
  /// What the helpers need to know about the job in hand. Guarded by `mutex`, apart from the task counter.
  private struct Job {
    var body: UnsafePointer<(Int) -> Void>
    var tasks: Int
    var helpers: Int
    var floatingPointMode: UInt32
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let jobPosted = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let helperLeft = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let isBusy = Atomic<Bool>(false)
  private let nextTask = Atomic<Int>(0)
  private var job: Job?
  /// Changed under the mutex, and also watched without it.
  private let jobNumber = Atomic<Int>(0)
  private let helpersInside = Atomic<Int>(0)
  private var helperCount = 0

  /// How often a thread looks before it sleeps: about 50 microseconds.
  private static let patience = 2000

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(jobPosted, nil)
    pthread_cond_init(helperLeft, nil)
  }

  /// Runs `body` for each index below `tasks` on up to `threads` threads. False, with nothing done, when the pool is at
  /// work already: the caller then does its tasks alone, which also serves nested calls.
  func run(tasks: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        nextTask.store(0, ordering: .relaxed)
        pthread_mutex_lock(mutex)
        while helperCount < threads - 1 { startHelper() }
        job = Job(
          body: pointer, tasks: tasks, helpers: threads - 1, floatingPointMode: ck_floating_point_mode())
        jobNumber.add(1, ordering: .releasing)
        pthread_cond_broadcast(jobPosted)
        pthread_mutex_unlock(mutex)

        drain(tasks: tasks, pointer)

        // Helpers that have not woken up by now find no job; only those at work are waited for.
        pthread_mutex_lock(mutex)
        job = nil
        pthread_mutex_unlock(mutex)
        Self.watch { helpersInside.load(ordering: .acquiring) == 0 }
        guard helpersInside.load(ordering: .acquiring) > 0 else { return }
        pthread_mutex_lock(mutex)
        while helpersInside.load(ordering: .relaxed) > 0 { pthread_cond_wait(helperLeft, mutex) }
        pthread_mutex_unlock(mutex)
      }
    }
    return true
  }

  /// Looks again and again until something happened, or patience is at its end.
  private static func watch(_ hasHappened: () -> Bool) {
    for _ in 0..<patience {
      if hasHappened() { return }
      ck_pause()
    }
  }

  private func drain(tasks: Int, _ body: UnsafePointer<(Int) -> Void>) {
    while true {
      let index = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < tasks else { return }
      body.pointee(index)
    }
  }

  private func startHelper() {
    final class Start {
      let pool: WorkerPool
      let index: Int
      init(pool: WorkerPool, index: Int) { (self.pool, self.index) = (pool, index) }
    }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(pool: self, index: helperCount))
    let status = pthread_create(
      &thread, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.pool.help(index: start.index)
      }, start.toOpaque())
    require(status == 0, "The system refused to start a worker thread (error \(status)).")
    pthread_detach(thread)
    helperCount += 1
  }

  private func help(index: Int) -> Never {
    var seen = 0
    while true {
      Self.watch { jobNumber.load(ordering: .acquiring) != seen }
      pthread_mutex_lock(mutex)
      while jobNumber.load(ordering: .relaxed) == seen { pthread_cond_wait(jobPosted, mutex) }
      seen = jobNumber.load(ordering: .relaxed)
      guard let current = job, index < current.helpers else {
        pthread_mutex_unlock(mutex)
        continue
      }
      helpersInside.add(1, ordering: .relaxed)
      pthread_mutex_unlock(mutex)

      ck_set_floating_point_mode(current.floatingPointMode)
      drain(tasks: current.tasks, current.body)

      pthread_mutex_lock(mutex)
      let left = helpersInside.subtract(1, ordering: .releasing).newValue
      if left == 0 { pthread_cond_signal(helperLeft) }
      pthread_mutex_unlock(mutex)
    }
  }
}
