import Foundation
import LineupSupport

/// One worker: a process of this same program that works on one trial, looked after by the runner.
final class WorkerProcess {
  let trial: TrialName
  private(set) var progress = TrialProgress(phase: .preparing)
  private let process: ChildProcess
  private var pending: [UInt8] = []
  private var reports = 0
  private var watch = HangWatch()
  private var hang: String?
  private var lastWatched = Clock.seconds
  /// When it was asked to leave.
  private var asked: Double?
  private let memoryKills = MemoryKills.count

  /// Seconds that a worker has to save and leave.
  private static let grace = 9.0

  init(executable: String, arguments: [String], trial: TrialName) throws(Fault) {
    self.trial = trial
    process = try ChildProcess(executable, arguments)
  }

  /// Reads its reports, and ends it where it hangs or does not leave though it was asked to.
  ///
  /// - Returns: whether it still runs.
  func look(limit: HangLimit) -> Bool {
    process.update()
    receive(process.takeOutput())
    guard process.ending == nil else { return false }
    let now = Clock.seconds
    if let asked, now - asked > Self.grace { process.send(SIGKILL) }
    if asked == nil, now - lastWatched >= 0.5 {
      lastWatched = now
      hang = watch.look(
        reports: reports, coreSeconds: ProcessUsage.coreSeconds(of: process.identifier) ?? 0, phase: progress.phase,
        limit: limit, now: now)
      if hang != nil { stop() }
    }
    return true
  }

  private func receive(_ bytes: [UInt8]) {
    pending += bytes
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: pending[..<end], as: UTF8.self)
      pending.removeFirst(end + 1)
      guard let progress = TrialProgress(line: line) else { continue }
      self.progress = progress
      reports += 1
    }
  }

  /// What its end means; nil while it runs.
  var end: WorkerEnd? {
    guard let ending = process.ending else { return nil }
    let ranShort = memoryKills.flatMap { before in MemoryKills.count.map { $0 > before } } ?? false
    return WorkerEnd(
      ending, errors: String(decoding: process.errors, as: UTF8.self), progress: progress, hang: hang,
      ranShort: ranShort)
  }

  /// Asks the worker to save and leave: by a signal, and by the end of its input, which is also seen by one that only begins.
  func stop() {
    guard asked == nil else { return }
    asked = Clock.seconds
    process.send(SIGTERM)
    process.endInput()
  }
}
