import Datasets
import Foundation

/// What a study would run.
public struct StudyPlan: Sendable {
  private let study: ResolvedSpecification
  private let jobs: Int
  private let flopsPerSecond: Double

  /// - Parameters:
  ///   - jobs: trials that train at the same time.
  ///   - flopsPerSecond: what one of them sustains.
  public init(_ study: ResolvedSpecification, jobs: Int, flopsPerSecond: Double) {
    precondition(jobs > 0 && flopsPerSecond > 0, "a plan needs at least one job of some speed")
    self.study = study
    self.jobs = jobs
    self.flopsPerSecond = flopsPerSecond
  }

  /// Arms times seeds.
  public var trials: Int { study.specification.arms.count * study.specification.seeds.count }

  /// Of all trials together; nil where the budget counts steps only.
  public var totalFlops: Double? { study.specification.budget.flops.map { $0 * Double(trials) } }

  /// Of training alone, in rounds of as many trials as there are jobs.
  public var seconds: Double? {
    guard let flops = study.specification.budget.flops else { return nil }
    return (Double(trials) / Double(jobs)).rounded(.up) * flops / flopsPerSecond
  }

  /// The plan for people.
  public var table: String {
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
      let speed = String(format: "%g", flopsPerSecond / 1e9)
      rows.append(
        ("training", "about \(Self.duration(seconds)) with \(jobs) at a time, if each does \(speed) GFLOP/s"))
    }
    var text = rows.map { $0.padding(toLength: 10, withPad: " ", startingAt: 0) + $1 }.joined(separator: "\n")
    let width = specification.arms.map(\.name.count).max() ?? 0
    text += "\narms\n"
    for arm in specification.arms {
      text += "  " + arm.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + arm.family
      text += (arm.usesLabels ? ", uses labels" : "") + "\n"
    }
    return text
  }

  public var json: JSONValue {
    let specification = study.specification
    func number(_ value: Double?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }
    return [
      "name": .string(specification.name), "profile": study.profile.map(JSONValue.string) ?? .null,
      "sha256": .string(study.sha256), "data": .string(specification.data.name),
      "seeds": .array(specification.seeds.map { .number(.unsigned($0)) }),
      "arms": .array(
        specification.arms.map {
          ["name": .string($0.name), "family": .string($0.family), "usesLabels": .boolean($0.usesLabels)]
        }),
      "trials": .number(JSONNumber(trials)), "jobs": .number(JSONNumber(jobs)),
      "flopsPerTrial": number(specification.budget.flops), "flops": number(totalFlops),
      "trainingSeconds": number(seconds), "assumedFlopsPerSecond": number(flopsPerSecond),
    ]
  }

  private func scientific(_ value: Double) -> String {
    String(format: "%.3g", value)
  }

  /// A length of time in the two largest units that matter.
  static func duration(_ seconds: Double) -> String {
    let year = 365.25 * 24 * 3600
    guard seconds < year else { return String(format: "%.3g years", seconds / year) }
    let whole = Int(seconds.rounded(.up))
    switch whole {
    case ..<90: return "\(whole) s"
    case ..<5400: return "\((whole + 59) / 60) min"
    default:
      let minutes = (whole + 59) / 60
      return "\(minutes / 60) h \(minutes % 60) min"
    }
  }
}
