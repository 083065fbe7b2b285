import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// What a process says when a mistake in the program ends it: a sentence, in place of the language's dump of registers.
package enum FatalSignals {
  /// Signals of mistakes, with what they mean.
  private static let meanings: [(signal: Int32, meaning: String)] = [
    (SIGILL, "it met what must not happen"), (SIGTRAP, "it met what must not happen"), (SIGABRT, "it gave up"),
    (SIGFPE, "it divided by zero"), (SIGBUS, "memory or a file that it was reading went away"),
    (SIGSEGV, "it used memory that is not its own"),
  ]

  /// Answers these signals from now on. Who wants the dump sets `SWIFT_BACKTRACE=enable=yes`.
  package static func explain() {
    if ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]?.contains("enable=yes") == true { return }
    // A stack that is full cannot carry the handler.
    let size = 64 << 10
    var stack = stack_t(ss_sp: malloc(size), ss_flags: 0, ss_size: size)
    sigaltstack(&stack, nil)
    for (signal, meaning) in meanings {
      sentences[Int(signal)] = strdup(
        "lineup: a mistake in the program ended it (signal \(signal): \(meaning)). Nothing that was saved is lost.\n")
      var action = sigaction()
      action.sa_flags = SA_SIGINFO | SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      action.__sigaction_handler.sa_sigaction = { number, information, _ in
        // Another process sent it, which says nothing about this program: it dies as one that is killed.
        if let information, information.pointee.si_code == 0,
          information.pointee._sifields._kill.si_pid != getpid()
        {
          kill(getpid(), SIGKILL)
        }
        if let sentence = sentences[Int(number)] { _ = write(2, sentence, strlen(sentence)) }
        raise(number)
      }
      sigaction(signal, &action, nil)
    }
  }
}

/// Made before the first signal, because a handler must not allocate.
nonisolated(unsafe) private let sentences = {
  let all = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 65)
  all.initialize(repeating: nil, count: 65)
  return all
}()
