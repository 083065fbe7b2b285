import Foundation
import LineupSupport
import Synchronization

/// One worker: a process of this same program that works on one trial.
///
/// The worker's standard input is the read end of a pipe whose only write end is the runner's. However the runner ends,
/// the worker then reads end-of-file and leaves, so no orphan stays behind.
final class WorkerProcess: @unchecked Sendable {
  private struct State {
    var pending = Data()
    var progress = TrialProgress(phase: .preparing)
    var errors = Data()
    /// How many of its two output streams have ended.
    var ended = 0
  }

  let trial: TrialName
  let started = Clock.seconds
  private let process = Process()
  private let input: Int32
  private let state = Mutex(State())

  init(executable: String, arguments: [String], trial: TrialName) throws {
    self.trial = trial
    var ends: [Int32] = [0, 0]
    // Close-on-exec keeps the write end out of every other worker.
    guard pipe(&ends) == 0 else { throw Fault.unwritable("a pipe to a worker", String(cString: strerror(errno))) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    input = ends[1]
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    process.standardOutput = output
    process.standardError = errors
    output.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      guard data.isEmpty else { return self?.receive(data) ?? () }
      handle.readabilityHandler = nil
      self?.state.withLock { $0.ended += 1 }
    }
    errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      guard data.isEmpty else { return self?.state.withLock { $0.errors.append(data) } ?? () }
      handle.readabilityHandler = nil
      self?.state.withLock { $0.ended += 1 }
    }
    do { try process.run() } catch {
      close(input)
      throw Fault.unreadable(executable, "it cannot be started: \(error.localizedDescription)")
    }
  }

  deinit { close(input) }

  private func receive(_ data: Data) {
    state.withLock { state in
      state.pending.append(data)
      while let end = state.pending.firstIndex(of: 0x0A) {
        let line = String(decoding: state.pending[..<end], as: UTF8.self)
        state.pending = Data(state.pending[(end + 1)...])
        guard let progress = TrialProgress(line: line) else { continue }
        state.progress = progress
      }
    }
  }

  var progress: TrialProgress { state.withLock { $0.progress } }
  var isRunning: Bool { process.isRunning }

  /// Waits a moment for what a worker that has ended still had to say.
  func drain() {
    for _ in 0..<100 where state.withLock({ $0.ended < 2 }) { usleep(10_000) }
  }

  /// The sentence that the program stopped with, where it trapped.
  var trapSentence: String? {
    let text = state.withLock { String(decoding: $0.errors, as: UTF8.self) }
    return text.split(separator: "\n").first { $0.contains("Fatal error: ") }.map(String.init)
  }

  /// What the worker wrote to its standard error, at most the last lines.
  var errorText: String {
    let text = state.withLock { String(decoding: $0.errors, as: UTF8.self) }
    return text.split(separator: "\n").suffix(12).joined(separator: "\n")
  }

  /// How it ended: its exit code, or the signal that killed it.
  var ending: (code: Int32, signal: Int32?) {
    process.terminationReason == .uncaughtSignal
      ? (0, process.terminationStatus) : (process.terminationStatus, nil)
  }

  /// Asks the worker to save and leave.
  func stop() { process.terminate() }
}
