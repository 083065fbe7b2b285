import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A process that this one started, with pipes to its three streams.
///
/// Its standard input is the read end of a pipe whose only write end is here: however this process ends, the other reads
/// end-of-file. No threads and no handlers: whoever looks after it calls ``update()`` now and then. Where the system has
/// no memory for a process it says so, while Foundation's `Process` waits for ever for a thread that could not start.
package final class ChildProcess {
  /// How a process ended.
  package enum Ending: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)
  }

  package let identifier: pid_t
  /// What it wrote since the last look.
  package private(set) var output: [UInt8] = []
  package private(set) var errors: [UInt8] = []
  /// How it ended; nil while it runs.
  package private(set) var ending: Ending?
  private var input: Int32
  private var streams: [Int32]

  /// Starts a program with the environment of this process.
  package init(_ executable: String, _ arguments: [String]) throws(Fault) {
    var ends: [Int32] = []
    for _ in 0..<3 {
      var pair: [Int32] = [-1, -1]
      // Close-on-exec keeps these ends out of every other child.
      guard pipe(&pair) == 0 else {
        let code = errno
        for end in ends { close(end) }
        throw .starting(executable, code)
      }
      for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      ends += pair
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, end) in [ends[0], ends[3], ends[5]].enumerated() {
      posix_spawn_file_actions_adddup2(&actions, end, Int32(stream))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this process ignores or holds back is no concern of the child's.
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = ([executable] + arguments).map { strdup($0) }
    let environment = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") }
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, executable, &actions, &attributes, words + [nil], environment + [nil])
    for end in [ends[0], ends[3], ends[5]] { close(end) }
    guard code == 0 else {
      for end in [ends[1], ends[2], ends[4]] { close(end) }
      throw .starting(executable, code)
    }
    identifier = process
    input = ends[1]
    streams = [ends[2], ends[4]]
    for stream in streams { _ = fcntl(stream, F_SETFL, O_NONBLOCK) }
  }

  deinit {
    endInput()
    for stream in streams { close(stream) }
    // A child that nobody asks about any more must not stay behind as a zombie.
    if ending == nil { _ = waitpid(identifier, nil, WNOHANG) }
  }

  /// Reads what there is to be read, and learns whether the process has ended.
  package func update() {
    if ending == nil {
      var status: Int32 = 0
      if waitpid(identifier, &status, WNOHANG) == identifier {
        let signal = status & 0x7F
        ending = signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
      }
    }
    // After the look at its end, so that its last words are read.
    read(streams[0], into: &output)
    read(streams[1], into: &errors)
  }

  /// Takes what was read of standard output.
  package func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Sends a signal, where the process still runs.
  package func send(_ signal: Int32) {
    if ending == nil { kill(identifier, signal) }
  }

  /// Ends its standard input.
  package func endInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// More than anyone reads of one child; the beginning of what it said is dropped.
  private static let mostKept = 1 << 20

  private func read(_ stream: Int32, into text: inout [UInt8]) {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Foundation.read(stream, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      text += chunk[..<count]
      if text.count > Self.mostKept { text.removeFirst(text.count - Self.mostKept / 2) }
    }
  }
}

extension Fault {
  /// That a program cannot be started.
  fileprivate static func starting(_ executable: String, _ code: Int32) -> Fault {
    let cause = "it cannot be started: \(String(cString: strerror(code)))"
    return [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code)
      ? Fault(.outOfMemory, file: executable, cause: cause) : .unreadable(executable, cause)
  }
}
