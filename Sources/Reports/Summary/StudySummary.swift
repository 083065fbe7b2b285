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
    guard !values.isEmpty else { return }
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
package struct StudySummary: Sendable, Codable, Equatable {
  package var format = "lineup.summary"
  package var version = 1
  package var study: String
  package var profile: String
  package var specificationHash: String
  package var seeds: [UInt64]
  package var arms: [ArmSummary]
  /// Real images against real ones first, then arm by arm.
  package var rows: [SummaryRow]

  /// The name under which real images against real ones stand among the arms.
  package static let real = "real"

  package init(_ study: Study) { self.init(StudyResults(study)) }

  init(_ results: StudyResults) {
    study = results.specification.name
    profile = results.profile
    specificationHash = results.specificationHash
    seeds = results.seeds
    arms = results.arms.map { Self.outcomes(of: $0, in: results) }
    let floors = Dictionary(results.realMetrics.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    rows = results.realMetrics.map {
      SummaryRow(arm: Self.real, failed: 0, [(0, $0)], name: $0.name, floor: nil)
    }
    for index in rows.indices { rows[index].seeds = [] }
    for arm in arms { rows += Self.rows(of: arm, in: results, floors: floors) }
  }

  package func row(_ arm: String, _ metric: String) -> SummaryRow? {
    rows.first { $0.arm == arm && $0.metric == metric }
  }

  package func arm(_ name: String) -> ArmSummary? { arms.first { $0.arm == name } }

  private static func outcomes(of arm: Arm, in results: StudyResults) -> ArmSummary {
    let records = results.records(of: arm.name)
    return ArmSummary(
      arm: arm.name, label: arm.label, family: arm.family, usesLabels: arm.usesLabels, planned: results.seeds.count,
      completed: records.filter { $0.outcome.kind == .completed }.map(\.seed),
      failed: records.filter { $0.outcome.kind == .failed }.map {
        ArmSummary.Failure(seed: $0.seed, step: $0.outcome.step, reason: $0.outcome.reason ?? "no reason recorded")
      },
      unfinished: results.seeds.filter { seed in !records.contains { $0.seed == seed } })
  }

  /// Figures of the headline weights, of the other weights (with their name before a stroke), then costs.
  private static func rows(of arm: ArmSummary, in results: StudyResults, floors: [String: Double]) -> [SummaryRow] {
    let records = results.records(of: arm.arm)
    let completed = records.filter { $0.outcome.kind == .completed }
    let other = completed.first?.weights == "raw" ? "average" : "raw"
    var rows = Self.rows(arm, completed.map { ($0.seed, $0.metrics) }, floors: floors)
    rows += Self.rows(arm, completed.map { ($0.seed, $0.otherWeights) }, prefix: other + "/", floors: floors)
    rows += Self.rows(arm, records.map { ($0.seed, $0.effort + $0.costs) })
    if let timing = results.timings[arm.arm] {
      rows += Self.rows(arm, [(0, timing.metrics)]).map { row in
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
  var effort: [RecordedMetric] {
    [
      RecordedMetric("parameters", Double(parameters)),
      RecordedMetric("sampling_parameters", Double(samplingParameters)),
      RecordedMetric("flops", Double(flops), unit: "FLOP"),
      RecordedMetric("steps", Double(steps)),
      RecordedMetric("images_seen", Double(imagesSeen)),
      RecordedMetric("clipped_updates", Double(clipped)),
      RecordedMetric("skipped_updates", Double(skipped)),
    ]
  }
}

extension ArmTiming {
  /// The exclusive pass as figures, under names that set them apart from those taken beside other workers.
  var metrics: [RecordedMetric] {
    var metrics = [
      RecordedMetric("exclusive/step_seconds", stepSeconds, unit: "s", higherIsBetter: false),
      RecordedMetric("exclusive/images_per_second", imagesPerSecond, unit: "1/s", higherIsBetter: true),
      RecordedMetric("exclusive/gigaflops_per_second", gigaflopsPerSecond, unit: "GFLOP/s", higherIsBetter: true),
      RecordedMetric("exclusive/flops_per_step", Double(flopsPerStep), unit: "FLOP"),
      RecordedMetric("exclusive/samples_per_second", samplesPerSecond, unit: "1/s", higherIsBetter: true),
      RecordedMetric("exclusive/single_sample_seconds", singleSampleSeconds, unit: "s", higherIsBetter: false),
    ]
    if let firstStageStepSeconds {
      metrics.append(
        RecordedMetric("exclusive/first_stage_step_seconds", firstStageStepSeconds, unit: "s", higherIsBetter: false))
    }
    return metrics
  }
}
