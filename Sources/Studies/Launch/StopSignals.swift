import Foundation
import Synchronization

/// A wish that work stop in good order, seen by whoever looks. Signals can stand for it.
package final class StopRequest: Sendable {
  private let isMade = Atomic<Bool>(false)
  private let heedsSignals: Bool

  /// - Parameter heedsSignals: whether a signal that ``StopSignals`` catches counts as the wish.
  package init(heedsSignals: Bool = false) { self.heedsSignals = heedsSignals }

  /// Makes the wish.
  package func make() { isMade.store(true, ordering: .relaxed) }

  /// Whether it was made.
  package var isPending: Bool {
    isMade.load(ordering: .relaxed) || heedsSignals && StopSignals.hasArrived.load(ordering: .relaxed)
  }
}

/// Signals that ask for an orderly stop: they no longer end the process, but are noted for a ``StopRequest``.
package enum StopSignals {
  fileprivate static let hasArrived = Atomic<Bool>(false)

  /// Seconds within which a process that was asked to stop is gone, whatever it was doing.
  package static let patience: UInt32 = 14

  /// Heeds those that people, terminals and schedulers send. A process that does not get round to its end leaves anyway.
  package static func heedOfPeople() {
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] {
      // `nohup` asks that a closed terminal be no reason to stop.
      if signal == SIGHUP, isIgnored(signal) { continue }
      handle(signal) { _ in
        if !StopSignals.hasArrived.exchange(true, ordering: .relaxed) { alarm(StopSignals.patience) }
      }
    }
    handle(SIGALRM) { _ in
      StopSignals.leaving.withUTF8Buffer { _ = write(2, $0.baseAddress, $0.count) }
      _exit(ExitStatus.interrupted.rawValue)
    }
  }

  /// Heeds what a runner sends to its worker. What a terminal sends to all its processes is the runner's to heed.
  package static func heedOfRunner() {
    for signal in [SIGINT, SIGHUP, SIGUSR1] { handle(signal) { _ in } }
    handle(SIGTERM) { _ in StopSignals.hasArrived.store(true, ordering: .relaxed) }
  }

  private static let leaving: StaticString =
    "Interrupted: stopped by request in the middle of something. Give the same command again to go on; nothing is lost.\n"

  private static func handle(_ signal: Int32, _ handler: @convention(c) (Int32) -> Void) {
    // Variables that a handler uses must be there before it runs.
    _ = hasArrived.load(ordering: .relaxed)
    _ = leaving.utf8CodeUnitCount
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    // Reads and writes under way go on.
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, nil)
    // Whoever started this process may have held it back, and what is held back is inherited.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, signal)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var now = sigaction()
    sigaction(signal, nil, &now)
    return unsafeBitCast(now.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
