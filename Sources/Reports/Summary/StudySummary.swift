import LineupLearning
import LineupMeasurements
import LineupStudies
import LineupTensors

/// One figure of one arm over its seeds, or of real images against real ones.
package struct SummaryRow: Sendable, Codable, Equatable {
  /// The arm's name; `real` for real images against real ones.
  package var arm: String
  package var metric: String
  package var unit: String
  /// The feature space; empty where there is none.
  package var extractor: String
  /// Seeds with a number, and the numbers, in the order of the seeds.
  package var seeds: [UInt64]
  package var values: [Double]
  /// Trials of the arm that failed. They have no number here and are not left out of the count.
  package var failed: Int
  package var mean: Double?
  package var median: Double?
  /// The interquartile mean.
  package var iqm: Double?
  package var minimum: Double?
  package var maximum: Double?
  /// The 95 % bootstrap interval of the interquartile mean over seeds; absent with fewer than three seeds.
  package var low: Double?
  package var high: Double?
  /// The same figure of real images against real ones.
  package var floor: Double?
  package var realCount: Int?
  package var sampleCount: Int?
  package var higherIsBetter: Bool?
  /// Why no seed has a number.
  package var reason: String?

  /// Statistics of some recorded values of one figure.
  init(arm: String, failed: Int, _ recorded: [(seed: UInt64, metric: RecordedMetric)], name: String, floor: Double?) {
    let first = recorded[0].metric
    let finite = recorded.filter { $0.metric.value.isFinite }
    let values = finite.map(\.metric.value)
    self.arm = arm
    metric = name
    unit = first.unit
    extractor = first.extractor ?? ""
    seeds = finite.map(\.seed)
    self.values = values
    self.failed = failed
    self.floor = floor ?? first.floor
    realCount = first.realCount
    sampleCount = first.sampleCount
    higherIsBetter = first.higherIsBetter
    guard !values.isEmpty else {
      reason = recorded.lazy.compactMap(\.metric.note).first { !$0.isEmpty }
      return
    }
    mean = LineupMeasurements.mean(values)
    median = LineupMeasurements.median(values)
    iqm = interquartileMean(values)
    minimum = values.min()
    maximum = values.max()
    guard values.count >= 3 else { return }
    let interval = bootstrapInterval(values, replicates: 2000, random: RandomStream(seed: 0).split("interval"))
    low = interval.lower
    high = interval.upper
  }
}

/// How the trials of an arm ended.
package struct ArmSummary: Sendable, Codable, Equatable {
  package struct Failure: Sendable, Codable, Equatable {
    package var seed: UInt64
    package var step: Int
    package var reason: String
  }

  package var arm: String
  package var label: String
  package var family: String
  package var usesLabels: Bool
  package var planned: Int
  package var completed: [UInt64]
  package var failed: [Failure]
  /// Seeds without an outcome yet.
  package var unfinished: [UInt64]
}

/// What a study found: every figure of every arm over its seeds. No verdicts.
package struct StudySummary: Sendable, Encodable {
  package var format = "lineup.summary"
  package var version = 1
  package var study: String
  package var profile: String
  package var specificationHash: String
  package var seeds: [UInt64]
  package var arms: [ArmSummary]
  /// Real images against real ones first, then arm by arm.
  package var rows: [SummaryRow]

  /// The metrics that are known; others have rows all the same.
  let metrics: [Metric]
  /// The number of principal components in the names of the rows.
  private let components: Int

  private enum CodingKeys: CodingKey {
    case format, version, study, profile, specificationHash, seeds, arms, rows
  }

  /// The name under which real images against real ones stand among the arms.
  package static let real = "real"

  package init(_ study: Study, metrics: [Metric] = Metric.all) throws {
    self.init(try StudyResults(study, metrics: metrics))
  }

  init(_ results: StudyResults) {
    study = results.specification.name
    profile = results.profile
    specificationHash = results.specificationHash
    seeds = results.seeds
    metrics = results.metrics
    components = results.components
    arms = results.arms.map { Self.outcomes(of: $0, in: results) }
    let floors = Dictionary(results.realMetrics.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    rows = results.realMetrics.map {
      SummaryRow(arm: Self.real, failed: 0, [(0, $0)], name: $0.name, floor: nil)
    }
    for index in rows.indices { rows[index].seeds = [] }
    for arm in arms { rows += Self.rows(of: arm, in: results, metrics: metrics, floors: floors) }
  }

  package func row(_ arm: String, _ metric: String) -> SummaryRow? {
    rows.first { $0.arm == arm && $0.metric == metric }
  }

  /// A metric's row, under the name that it has in this study.
  func row(_ arm: String, _ metric: Metric) -> SummaryRow? {
    row(arm, metric.measured(onComponents: components).name)
  }

  /// The metrics of a place that have a number here, as people read them. A metric is there for its substitutes too.
  func shown(in place: Metric.Places) -> [Metric] {
    metrics.shown(in: place).filter { metric in
      ([metric] + metric.substitutes).contains { hasNumber($0) }
    }
  }

  private func hasNumber(_ metric: Metric) -> Bool { rows.contains { $0.metric == metric.name && $0.mean != nil } }

  /// The row of a metric that has a number, or that of the first substitute that has.
  func numbers(_ arm: String, _ metric: Metric) -> SummaryRow? {
    ([metric] + metric.substitutes).lazy.compactMap { row(arm, $0) }.first { $0.mean != nil }
  }

  package func arm(_ name: String) -> ArmSummary? { arms.first { $0.arm == name } }

  private static func outcomes(of arm: Arm, in results: StudyResults) -> ArmSummary {
    let records = results.records(of: arm.name)
    return ArmSummary(
      arm: arm.name, label: arm.label, family: arm.family.name, usesLabels: arm.usesLabels,
      planned: results.seeds.count,
      completed: records.filter { $0.outcome.kind == .completed }.map(\.seed),
      failed: records.filter { $0.outcome.kind == .failed }.map {
        ArmSummary.Failure(seed: $0.seed, step: $0.outcome.step, reason: $0.outcome.reason ?? "no reason recorded")
      },
      unfinished: results.seeds.filter { seed in !records.contains { $0.seed == seed } })
  }

  /// Figures of the headline weights, of the other weights (with their name before a stroke), then costs.
  private static func rows(
    of arm: ArmSummary, in results: StudyResults, metrics: [Metric], floors: [String: Double]
  ) -> [SummaryRow] {
    let records = results.records(of: arm.arm)
    let completed = records.filter { $0.outcome.kind == .completed }
    let other = completed.first?.weights == "raw" ? "average" : "raw"
    var rows = Self.rows(arm, completed.map { ($0.seed, $0.metrics) }, floors: floors)
    rows += Self.rows(arm, completed.map { ($0.seed, $0.otherWeights) }, prefix: other + "/", floors: floors)
    rows += Self.rows(arm, records.map { ($0.seed, metrics.values(of: $0.effort).map(RecordedMetric.init) + $0.costs) })
    if let timing = results.timings[arm.arm] {
      rows += Self.rows(arm, [(0, metrics.values(of: timing).map(RecordedMetric.init))]).map { row in
        var row = row
        row.seeds = []
        return row
      }
    }
    return rows
  }

  private static func rows(
    _ arm: ArmSummary, _ columns: [(seed: UInt64, metrics: [RecordedMetric])], prefix: String = "",
    floors: [String: Double] = [:]
  ) -> [SummaryRow] {
    var names: [String] = []
    for name in columns.flatMap({ $0.metrics.map(\.name) }) where !names.contains(name) { names.append(name) }
    return names.map { name in
      let recorded = columns.compactMap { column in
        column.metrics.first { $0.name == name }.map { (seed: column.seed, metric: $0) }
      }
      return SummaryRow(arm: arm.arm, failed: arm.failed.count, recorded, name: prefix + name, floor: floors[name])
    }
  }
}

extension TrialRecord {
  /// What the trial took, whatever the machine.
  fileprivate var effort: TrialEffort {
    TrialEffort(
      parameters: parameters, samplingParameters: samplingParameters, flops: flops, steps: steps,
      imagesSeen: imagesSeen, clipped: clipped, skipped: skipped)
  }
}
