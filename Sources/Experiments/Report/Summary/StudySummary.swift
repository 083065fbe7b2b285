import Measurements
import Tensors

/// One figure of one arm over its seeds, or of real images against real ones.
public struct SummaryRow: Sendable, Codable, Equatable {
  /// The arm's name; `real` for real images against real ones.
  public var arm: String
  public var metric: String
  public var unit: String
  /// The feature space; empty where there is none.
  public var extractor: String
  /// Seeds with a number, and the numbers, in the order of the seeds.
  public var seeds: [UInt64]
  public var values: [Double]
  /// Trials of the arm that failed. They have no number here and are not left out of the count.
  public var failed: Int
  public var mean: Double?
  public var median: Double?
  /// The interquartile mean.
  public var iqm: Double?
  public var minimum: Double?
  public var maximum: Double?
  /// The 95 % bootstrap interval of the interquartile mean over seeds; absent with fewer than three seeds.
  public var low: Double?
  public var high: Double?
  /// The same figure of real images against real ones.
  public var floor: Double?
  public var realCount: Int?
  public var sampleCount: Int?
  public var higherIsBetter: Bool?

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
    mean = Measurements.mean(values)
    median = Measurements.median(values)
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
public struct ArmSummary: Sendable, Codable, Equatable {
  public struct Failure: Sendable, Codable, Equatable {
    public var seed: UInt64
    public var step: Int
    public var reason: String
  }

  public var arm: String
  public var label: String
  public var family: String
  public var usesLabels: Bool
  public var planned: Int
  public var completed: [UInt64]
  public var failed: [Failure]
  /// Seeds without an outcome yet.
  public var unfinished: [UInt64]
}

/// What a study found: every figure of every arm over its seeds. No verdicts.
public struct StudySummary: Sendable, Codable, Equatable {
  public var format = "lineup.summary"
  public var version = 1
  public var study: String
  public var profile: String
  public var specificationHash: String
  public var seeds: [UInt64]
  public var arms: [ArmSummary]
  /// Real images against real ones first, then arm by arm.
  public var rows: [SummaryRow]

  /// The name under which real images against real ones stand among the arms.
  public static let real = "real"

  public init(_ study: Study) { self.init(StudyResults(study)) }

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

  public func row(_ arm: String, _ metric: String) -> SummaryRow? {
    rows.first { $0.arm == arm && $0.metric == metric }
  }

  public func arm(_ name: String) -> ArmSummary? { arms.first { $0.arm == name } }

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
