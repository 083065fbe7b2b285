import Foundation
import LineupRunRecords
import LineupSupport

/// What a run file holds, in a page.
package struct RunSummary: Sendable, Codable {
  package struct Metric: Sendable, Codable {
    package var name: String
    package var value: Double
    package var unit: String
  }

  package struct Event: Sendable, Codable {
    package var step: Int
    package var text: String
  }

  package var path: String
  package var study: String
  package var arm: String
  package var family: String
  package var dataset: String
  package var seed: UInt64
  package var created: String
  package var status: String
  /// Whether a writer has it open, or died while it had.
  package var isLive: Bool
  package var committedStep: Int
  package var resumes: Int
  package var trainRows: Int
  package var trainColumns: [String]
  package var evaluations: Int
  package var finalSamples: Int
  package var final: [Metric]
  package var events: [Event]
  package var provenance: [String: String]

  package init(path: String) throws {
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

  package var text: String {
    var lines = [
      path, "  \(study): \(arm) (\(family)) on \(dataset), seed \(seed)",
      "  \(status)\(isLive ? " (open for writing)" : ""), step \(committedStep), begun \(created), resumed \(resumes) times",
      "  \(trainRows) training steps: \(trainColumns.joined(separator: ", "))",
      "  \(evaluations) evaluations, \(finalSamples) final samples",
    ]
    if !final.isEmpty {
      var table = TextTable(columns: ["  final", "value", "unit"])
      for metric in final {
        table.add(["  \(metric.name)", NumberText.significant(metric.value, digits: 6), metric.unit])
      }
      lines.append(table.text)
    }
    lines += events.map { "  step \($0.step): \($0.text)" }
    for key in ["cpu", "openblas_core", "git_commit", "compiler"] {
      if let value = provenance[key] { lines.append("  \(key): \(value)") }
    }
    return lines.joined(separator: "\n")
  }
}
