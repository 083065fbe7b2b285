import Foundation
import LineupDatasets
import LineupFormats
import LineupLearning
import LineupStrictJSON
import LineupSupport

/// What a study would run.
package struct StudyPlan: Sendable {
  private let study: ResolvedSpecification
  private let jobs: Int
  private let flopsPerSecond: Double?
  private let estimates: [ArmEstimate]

  /// - Parameters:
  ///   - jobs: trials that train at the same time.
  ///   - flopsPerSecond: what one of them sustains.
  package init(_ study: ResolvedSpecification, jobs: Int, flopsPerSecond: Double) {
    precondition(jobs > 0 && flopsPerSecond > 0, "a plan needs at least one job of some speed")
    self.study = study
    self.jobs = jobs
    self.flopsPerSecond = flopsPerSecond
    estimates = []
  }

  /// - Parameters:
  ///   - jobs: trials that train at the same time.
  ///   - estimates: what a trial of each arm takes, measured.
  package init(_ study: ResolvedSpecification, jobs: Int, estimates: [ArmEstimate]) {
    precondition(jobs > 0, "a plan needs at least one job")
    self.study = study
    self.jobs = jobs
    flopsPerSecond = nil
    self.estimates = estimates
  }

  /// Arms times seeds.
  package var trials: Int { study.specification.arms.count * study.specification.seeds.count }

  /// Of all trials together; nil where the budget counts steps only.
  package var totalFlops: Double? { study.specification.budget.flops.map { $0 * Double(trials) } }

  /// What all trials leave on disk while they run; nil where nothing was measured.
  package var diskBytes: Int? {
    estimates.isEmpty ? nil : estimates.reduce(0) { $0 + $1.diskBytes } * study.specification.seeds.count
  }

  /// Of as many of the largest trials as there are jobs; nil where nothing was measured.
  package var memoryBytes: Int? {
    estimates.isEmpty ? nil : (estimates.map(\.memoryBytes).max() ?? 0) * min(jobs, trials)
  }

  /// Of training alone, in rounds of as many trials as there are jobs.
  package var seconds: Double? {
    if !estimates.isEmpty {
      let whole = estimates.reduce(0) { $0 + $1.trainingSeconds } * Double(study.specification.seeds.count)
      return max(whole / Double(min(jobs, trials)), estimates.map(\.trainingSeconds).max() ?? 0)
    }
    guard let flopsPerSecond, let flops = study.specification.budget.flops else { return nil }
    return (Double(trials) / Double(jobs)).rounded(.up) * flops / flopsPerSecond
  }

  /// The plan for people.
  package var table: String {
    let specification = study.specification
    var rows = [
      ("study", specification.name + (study.profile.map { ", profile \($0)" } ?? "")),
      ("sha256", study.sha256),
      ("data", specification.data.name),
      ("seeds", specification.seeds.map(String.init).joined(separator: ", ")),
      ("trials", "\(trials) (\(specification.arms.count) arms × \(specification.seeds.count) seeds)"),
    ]
    if let flops = specification.budget.flops {
      rows.append(("budget", "\(scientific(flops)) FLOP a trial, \(scientific(totalFlops ?? 0)) in all"))
    }
    if let steps = specification.budget.steps { rows.append(("steps", "at most \(steps) a trial")) }
    if let seconds {
      let assumption =
        flopsPerSecond.map { ", if each does \(NumberText.significant($0 / 1e9, digits: 6)) GFLOP/s" }
        ?? ", as this machine is now"
      rows.append(("training", "about \(NumberText.duration(seconds)) with \(jobs) at a time\(assumption)"))
    }
    if let diskBytes { rows.append(("disk", "about \(NumberText.bytes(diskBytes)) of run files")) }
    if let memoryBytes {
      let sizes = "\(NumberText.bytes(memoryBytes)) for \(min(jobs, trials)) at a time"
      rows.append(("memory", "about \(sizes), as three steps of each arm took; measuring can take more"))
    }
    var text = rows.map { $0.padding(toLength: 10, withPad: " ", startingAt: 0) + $1 }.joined(separator: "\n")
    text += "\narms\n"
    if !estimates.isEmpty { return text + estimateTable }
    let width = specification.arms.map(\.name.count).max() ?? 0
    for arm in specification.arms {
      text += "  " + arm.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + arm.family.name
      text += (arm.usesLabels ? ", uses labels" : "") + "\n"
    }
    return text
  }

  /// A line for each arm with what a trial of it takes.
  private var estimateTable: String {
    var table = TextTable(columns: [
      "  arm", "family", "parameters", "GFLOP/step", "GFLOP/s", "steps", "training", "memory",
    ])
    for (arm, estimate) in zip(study.specification.arms, estimates) {
      table.add([
        "  \(arm.name)", arm.family.name + (arm.usesLabels ? ", uses labels" : ""), "\(estimate.parameters)",
        NumberText.fixed(Double(estimate.flopsPerStep) / 1e9, digits: 2),
        NumberText.fixed(Double(estimate.flopsPerStep) / estimate.secondsPerStep / 1e9, digits: 0), "\(estimate.steps)",
        NumberText.duration(estimate.trainingSeconds), NumberText.bytes(estimate.memoryBytes),
      ])
    }
    return table.text + "\n"
  }

  package var json: JSONValue {
    let specification = study.specification
    func number(_ value: Double?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }
    return [
      "name": .string(specification.name), "profile": study.profile.map(JSONValue.string) ?? .null,
      "sha256": .string(study.sha256), "data": .string(specification.data.name),
      "seeds": .array(specification.seeds.map { .number(.unsigned($0)) }),
      "arms": .array(
        specification.arms.map {
          ["name": .string($0.name), "family": .string($0.family.name), "usesLabels": .boolean($0.usesLabels)]
        }),
      "trials": .number(JSONNumber(trials)), "jobs": .number(JSONNumber(jobs)),
      "flopsPerTrial": number(specification.budget.flops), "flops": number(totalFlops),
      "trainingSeconds": number(seconds), "diskBytes": number(diskBytes.map(Double.init)),
      "memoryBytes": number(memoryBytes.map(Double.init)),
      "assumedFlopsPerSecond": number(flopsPerSecond),
    ]
  }

  private func scientific(_ value: Double) -> String {
    NumberText.significant(value, digits: 3)
  }
}
