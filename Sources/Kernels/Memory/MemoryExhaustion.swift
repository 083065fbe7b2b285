import Glibc
import Synchronization

/// The end of a process that the system gives no more memory: a sentence on standard error, and an exit code that says so.
package enum MemoryExhaustion {
  private static let status = Atomic<Int32>(1)

  /// Chooses the exit code, by which whoever started the process tells lack of memory from other ends.
  package static func leave(with code: Int32) { status.store(code, ordering: .relaxed) }

  /// Ends the process.
  ///
  /// - Parameters:
  ///   - bytes: how much was asked for in vain.
  ///   - used: how much tensors and scratch have already.
  static func end(asking bytes: Int, using used: Int) -> Never {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    let bound =
      limit.rlim_cur < rlim_t(Int.max) ? " Its address space is limited to \(mebibytes(Int(limit.rlim_cur)))." : ""
    say(
      """
      out of memory: \(mebibytes(bytes)) more were needed beside \(mebibytes(used)) of tensors, and the system gave \
      none.\(bound)
      """)
  }

  /// Ends the process for want of a thread, whose stack is memory too.
  package static func endWithoutThread(_ code: Int32) -> Never {
    say("out of memory: no thread could be started (\(String(cString: strerror(code)))).")
  }

  private static func say(_ sentence: String) -> Never {
    var text = "lineup: \(sentence)\n"
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    // Other threads may be at work on what handlers of an orderly exit would take down.
    _exit(status.load(ordering: .relaxed))
  }

  private static func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
}
