import Foundation
import RunRecords

/// What a run file holds, in a page.
public struct RunSummary: Sendable, Codable {
  public struct Metric: Sendable, Codable {
    public var name: String
    public var value: Double
    public var unit: String
  }

  public struct Event: Sendable, Codable {
    public var step: Int
    public var text: String
  }

  public var path: String
  public var study: String
  public var arm: String
  public var family: String
  public var dataset: String
  public var seed: UInt64
  public var created: String
  public var status: String
  /// Whether a writer has it open, or died while it had.
  public var isLive: Bool
  public var committedStep: Int
  public var resumes: Int
  public var trainRows: Int
  public var trainColumns: [String]
  public var evaluations: Int
  public var finalSamples: Int
  public var final: [Metric]
  public var events: [Event]
  public var provenance: [String: String]

  public init(path: String) throws {
    let reader = try RunReader(path: path)
    self.path = path
    let identity = reader.identity
    (study, arm, family, dataset) = (identity.study, identity.arm, identity.family, identity.dataset)
    (seed, created) = (identity.seed, identity.created)
    status = "\(try reader.status())"
    isLive = reader.isLive
    committedStep = try reader.committedStep()
    resumes = try reader.resumes()
    trainRows = try reader.steps(of: .train).count
    trainColumns = try reader.columnNames(of: .train)
    evaluations = try reader.steps(of: .evaluation).count
    finalSamples = try reader.finalSamples()?.seeds.count ?? 0
    final = reader.isLive ? [] : try reader.finalMetrics().map { Metric(name: $0.name, value: $0.value, unit: $0.unit) }
    events = try reader.events().map { Event(step: $0.step, text: $0.text) }
    provenance = Dictionary(
      try reader.provenance().entries.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  public var text: String {
    var lines = [
      path, "  \(study): \(arm) (\(family)) on \(dataset), seed \(seed)",
      "  \(status)\(isLive ? " (open for writing)" : ""), step \(committedStep), begun \(created), resumed \(resumes) times",
      "  \(trainRows) training steps: \(trainColumns.joined(separator: ", "))",
      "  \(evaluations) evaluations, \(finalSamples) final samples",
    ]
    if !final.isEmpty {
      var table = TextTable(columns: ["  final", "value", "unit"])
      for metric in final { table.add(["  \(metric.name)", String(format: "%.6g", metric.value), metric.unit]) }
      lines.append(table.text)
    }
    lines += events.map { "  step \($0.step): \($0.text)" }
    for key in ["cpu", "openblas_core", "git_commit", "compiler"] {
      if let value = provenance[key] { lines.append("  \(key): \(value)") }
    }
    return lines.joined(separator: "\n")
  }
}
