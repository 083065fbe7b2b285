import Foundation
import LineupRunRecords
import LineupSupport

/// Where every trial of a study stands, read from its files alone, while it runs or afterwards.
package struct StudyStatus: Sendable, Codable {
  package struct Trial: Sendable, Codable {
    package var arm: String
    package var seed: UInt64
    /// `waiting`, `running`, `interrupted`, `completed` or `failed`; `stalled` when a running trial's heartbeat is old.
    package var state: String
    package var step: Int
    /// The share of the budget used.
    package var share: Double
    package var loss: Double?
    /// Seconds since the last heartbeat.
    package var heartbeatAge: Double?
    package var resumes: Int
    package var reason: String?
  }

  package var study: String
  package var folder: String
  package var specificationHash: String
  package var trials: [Trial]

  /// A heartbeat older than this many seconds means that nobody is working.
  private static let patience = 60.0

  /// Whether every trial has an outcome.
  package var isDone: Bool { trials.allSatisfy { ["completed", "failed"].contains($0.state) } }

  package init(_ study: Study) {
    self.study = study.specification.name
    folder = study.folder.path
    specificationHash = study.resolved.sha256
    trials = study.trials.map { Self.trial($0, study) }
  }

  private static func trial(_ name: TrialName, _ study: Study) -> Trial {
    var trial = Trial(arm: name.arm, seed: name.seed, state: "waiting", step: 0, share: 0, resumes: 0)
    if let record = try? study.record(name, reusingRecords: true) {
      trial.state = record.outcome.kind.rawValue
      trial.step = record.outcome.step
      trial.share = 1
      trial.reason = record.outcome.reason
      trial.resumes = record.resumes
      return trial
    }
    let path = study.folder.trial(name).run
    guard Folder.exists(path) else { return trial }
    do {
      let reader = try RunReader(path: path)
      let status = try reader.status()
      trial.state = "\(status)"
      trial.step = try reader.committedStep()
      trial.resumes = try reader.resumes()
      let flops = try reader.integers("flops", of: .train).last ?? 0
      let budget = study.specification.budget
      let shares = [budget.flops.map { Double(flops) / $0 }, budget.steps.map { Double(trial.step) / Double($0) }]
      trial.share = min(shares.compactMap { $0 }.max() ?? 0, 1)
      if let name = try reader.columnNames(of: .train).first(where: { $0.hasPrefix("loss/") }) {
        trial.loss = try reader.column(name, of: .train).last { $0.isFinite }
      }
      let age = Clock.secondsSince1970 - (try reader.heartbeat())
      trial.heartbeatAge = age
      if status == .running, age > patience { trial.state = "stalled" }
    } catch {
      trial.state = "unreadable"
      trial.reason = "\(error)"
    }
    return trial
  }

  /// The table as text.
  package var text: String {
    var table = TextTable(columns: ["arm", "seed", "state", "step", "budget", "loss", "note"])
    for trial in trials {
      table.add([
        trial.arm, "\(trial.seed)", trial.state, "\(trial.step)", NumberText.percent(trial.share),
        trial.loss.map { NumberText.significant($0, digits: 4) } ?? "–",
        trial.reason ?? trial.heartbeatAge.map {
          $0 < patience(of: trial) ? "" : "last heard of \(NumberText.duration($0)) ago"
        }
          ?? "",
      ])
    }
    return table.text
  }

  private func patience(of trial: Trial) -> Double { trial.state == "stalled" ? 0 : .infinity }
}
