import Foundation
import LineupSupport

/// The state of all trials as text: a table redrawn in place on a terminal, a line every ten seconds elsewhere.
package final class ProgressTable {
  private let isTerminal: Bool
  private let start: Double
  private var lastDraw = -Double.infinity
  private var drawnLines = 0
  private let jobs: Int
  /// When each running trial was first seen and at which share, for its estimate.
  private var firstSeen: [TrialName: (time: Double, share: Double)] = [:]
  private var trialSeconds: [Double] = []
  private var finished: Set<TrialName> = []

  /// - Parameter start: the clock's seconds at the start of the launch; those of now where not given.
  package init(jobs: Int, isTerminal: Bool = isatty(1) != 0, start: Double? = nil) {
    self.jobs = jobs
    self.isTerminal = isTerminal
    self.start = start ?? Clock.seconds
  }

  /// Prints where all trials stand, where that is due.
  package func show(_ states: [(TrialName, Launcher.TrialState)], isFinal: Bool) {
    guard let text = text(states, isFinal: isFinal, now: Clock.seconds) else { return }
    StandardOutput.steer(text + "\n")
  }

  /// What to print at a moment; nil while the last text is fresh enough.
  ///
  /// - Parameter now: the clock's seconds.
  package func text(_ states: [(TrialName, Launcher.TrialState)], isFinal: Bool, now: Double) -> String? {
    note(states, now: now)
    guard isFinal || now - lastDraw >= (isTerminal ? 0.5 : 10) else { return nil }
    lastDraw = now
    return isTerminal ? table(states, now: now) : line(states, now: now)
  }

  private func note(_ states: [(TrialName, Launcher.TrialState)], now: Double) {
    for (trial, state) in states {
      if case .running(let progress) = state, firstSeen[trial] == nil, progress.phase == .training {
        firstSeen[trial] = (now, progress.share)
      }
      if case .done = state, !finished.contains(trial) {
        finished.insert(trial)
        if let seen = firstSeen[trial] { trialSeconds.append(now - seen.time) }
      }
    }
  }

  /// Seconds until a running trial has used its budget.
  private func remaining(_ trial: TrialName, _ progress: TrialProgress, now: Double) -> Double? {
    guard let seen = firstSeen[trial], progress.share > seen.share + 0.01 else { return nil }
    return (now - seen.time) / (progress.share - seen.share) * (1 - progress.share)
  }

  private func totalRemaining(_ states: [(TrialName, Launcher.TrialState)], now: Double) -> Double? {
    var running: [Double] = []
    var waiting = 0
    for (trial, state) in states {
      if case .running(let progress) = state, let seconds = remaining(trial, progress, now: now) {
        running.append(seconds)
      }
      switch state {
      case .waiting, .interrupted: waiting += 1
      case .running, .done, .error: break
      }
    }
    let typical =
      trialSeconds.isEmpty
      ? running.max() : trialSeconds.reduce(0, +) / Double(trialSeconds.count)
    guard let typical, !running.isEmpty else { return nil }
    return (running.reduce(0, +) + typical * Double(waiting)) / Double(max(jobs, 1))
  }

  private func line(_ states: [(TrialName, Launcher.TrialState)], now: Double) -> String {
    let done = states.count { if case .done = $0.1 { true } else { false } }
    let running = states.compactMap { trial, state -> String? in
      guard case .running(let progress) = state else { return nil }
      return "\(trial.arm)/\(trial.seed) \(progress.phase.rawValue) \(NumberText.percent(progress.share))"
    }
    let waiting = states.compactMap { trial, state -> String? in
      if case .interrupted(let text) = state { "\n  \(trial) waits: \(text)" } else { nil }
    }
    let eta = totalRemaining(states, now: now).map { ", about \(NumberText.duration($0)) to go" } ?? ""
    return "[\(NumberText.duration(now - start))] \(done) of \(states.count) trials done\(eta)"
      + (running.isEmpty ? "" : ": " + running.joined(separator: ", ")) + waiting.joined()
  }

  /// The table over the one drawn before.
  private func table(_ states: [(TrialName, Launcher.TrialState)], now: Double) -> String {
    var lines = [
      pad("arm", 20) + pad("seed", 8) + pad("state", 12) + pad("step", 9) + pad("budget", 8) + pad("loss", 11)
        + pad("images/s", 10) + pad("GFLOP/s", 9) + "to go"
    ]
    for (trial, state) in states { lines.append(row(trial, state, now: now)) }
    let done = states.count { if case .done = $0.1 { true } else { false } }
    let eta = totalRemaining(states, now: now).map { ", about \(NumberText.duration($0)) to go" } ?? ""
    lines.append("\(done) of \(states.count) trials done after \(NumberText.duration(now - start))\(eta)")
    let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
    drawnLines = lines.count
    // A line that wraps would be counted as one and leave a trail behind.
    return up + lines.map { $0.escapingControls().prefix(terminalColumns - 1) + "\u{1B}[K" }.joined(separator: "\n")
  }

  private func row(_ trial: TrialName, _ state: Launcher.TrialState, now: Double) -> String {
    let head = pad(trial.arm, 20) + pad("\(trial.seed)", 8)
    switch state {
    case .waiting: return head + "waiting"
    case .interrupted(let text): return head + "waiting: " + text
    case .error(let text): return head + "error: " + (text.split(separator: "\n").first.map(String.init) ?? "")
    case .done(let outcome):
      return head + pad(outcome.kind.rawValue, 12) + pad("\(outcome.step)", 9) + (outcome.reason ?? "")
    case .running(let p):
      return head + pad(p.phase.rawValue, 12) + pad("\(p.step)", 9) + pad(NumberText.percent(p.share), 8)
        + pad(p.loss.isNaN ? "–" : NumberText.significant(p.loss, digits: 4), 11)
        + pad(p.imagesPerSecond > 0 ? NumberText.fixed(p.imagesPerSecond, digits: 0) : "–", 10)
        + pad(p.flopsPerSecond > 0 ? NumberText.fixed(p.flopsPerSecond / 1e9, digits: 1) : "–", 9)
        + (remaining(trial, p, now: now).map(NumberText.duration) ?? "–")
    }
  }

  private var terminalColumns: Int {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
    return Int(size.ws_col)
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
  }
}
