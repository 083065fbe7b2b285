import CLineupKernels
import Glibc
import Synchronization

/// Sleeping POSIX threads that help the calling thread through one job at a time.
///
/// Dispatch would do, but its threads keep their own floating-point mode and its wake-ups cost more than a small product.
/// Between jobs a helper looks out for the next one for a moment before it sleeps: kernels of one training step
/// follow one another closely, and waking a sleeper takes longer than many of them.
///
/// Each thread begins with a share of the tasks of its own, the same part of every job, because what it wrote in the last
/// one is in its cache; then it helps with the shares of the others.
final class WorkerPool: @unchecked Sendable {
  /// What the helpers need to know about the job in hand. Guarded by `mutex`, apart from the counters of tasks.
  private struct Job {
    var body: UnsafePointer<(Int) -> Void>
    var tasks: Int
    var threads: Int
    var floatingPointMode: UInt32

    var shares: Int { min(threads, mostShares) }
    func first(ofShare share: Int) -> Int { tasks * share / shares }
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let jobPosted = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let helperLeft = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let isBusy = Atomic<Bool>(false)
  /// The next task of each share, in cache lines of their own.
  private let nextTasks = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: mostShares * shareSpacing)
  private var job: Job?
  /// Changed under the mutex, and also watched without it.
  private let jobNumber = Atomic<Int>(0)
  private let helpersInside = Atomic<Int>(0)
  private var helperCount = 0

  /// How often a thread looks before it sleeps: about a quarter of a millisecond. With a fifth of it steps on two threads took
  /// 1 to 3 % longer.
  private static let patience = 10_000
  private static let mostShares = 64
  private static let shareSpacing = 16

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(jobPosted, nil)
    pthread_cond_init(helperLeft, nil)
    for index in 0..<Self.mostShares * Self.shareSpacing { (nextTasks + index).initialize(to: Atomic(0)) }
  }

  /// Runs `body` for each index below `tasks` on up to `threads` threads. False, with nothing done, when the pool is at
  /// work already: the caller then does its tasks alone, which also serves nested calls.
  func run(tasks: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        let next = Job(
          body: pointer, tasks: tasks, threads: threads, floatingPointMode: ck_floating_point_mode())
        for share in 0..<next.shares {
          nextTasks[share * Self.shareSpacing].store(next.first(ofShare: share), ordering: .relaxed)
        }
        pthread_mutex_lock(mutex)
        while helperCount < threads - 1 { startHelper() }
        job = next
        jobNumber.add(1, ordering: .releasing)
        pthread_cond_broadcast(jobPosted)
        pthread_mutex_unlock(mutex)

        drain(next, from: 0)

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

  private func drain(_ job: Job, from own: Int) {
    for offset in 0..<job.shares {
      let share = (own + offset) % job.shares
      let end = job.first(ofShare: share + 1)
      while true {
        let index = nextTasks[share * Self.shareSpacing].wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < end else { break }
        job.body.pointee(index)
      }
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
    guard status == 0 else { MemoryExhaustion.endWithoutThread(status) }
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
      guard let current = job, index + 1 < current.threads else {
        pthread_mutex_unlock(mutex)
        continue
      }
      helpersInside.add(1, ordering: .relaxed)
      pthread_mutex_unlock(mutex)

      ck_set_floating_point_mode(current.floatingPointMode)
      drain(current, from: index + 1)

      pthread_mutex_lock(mutex)
      let left = helpersInside.subtract(1, ordering: .releasing).newValue
      if left == 0 { pthread_cond_signal(helperLeft) }
      pthread_mutex_unlock(mutex)
    }
  }
}
