/// How a trial ended.
public struct TrialOutcome: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable {
    case completed
    /// A result like any other: counted, reported, never hidden or retried.
    case failed
  }

  public var kind: Kind
  /// Why it failed, in a sentence with the step.
  public var reason: String?
  public var step: Int

  public init(_ kind: Kind, step: Int, reason: String? = nil) {
    self.kind = kind
    self.step = step
    self.reason = reason
  }
}

/// One measured figure of a trial, with what is needed to judge it.
public struct RecordedMetric: Sendable, Codable, Equatable {
  public var name: String
  public var value: Double
  public var unit: String
  public var higherIsBetter: Bool?
  public var extractor: String?
  public var realCount: Int?
  public var sampleCount: Int?
  /// The same figure of real images against real ones.
  public var floor: Double?
  public var note: String?

  public init(
    _ name: String, _ value: Double, unit: String = "1", higherIsBetter: Bool? = nil, extractor: String? = nil,
    realCount: Int? = nil, sampleCount: Int? = nil, floor: Double? = nil, note: String? = nil
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.extractor = extractor
    self.realCount = realCount
    self.sampleCount = sampleCount
    self.floor = floor
    self.note = note
  }
}

/// A curve thinned to a few hundred points.
public struct RecordedCurve: Sendable, Codable, Equatable {
  public var name: String
  /// Shares of the budget, and the values there.
  public var progress: [Double]
  public var values: [Double]

  public init(name: String, progress: [Double], values: [Double]) {
    self.name = name
    self.progress = progress
    self.values = values
  }
}

/// The compact record of a trial that is published: at most 64 KiB.
public struct TrialRecord: Sendable, Codable {
  public var format = "lineup.trial"
  public var version = 1
  public var study: String
  public var profile: String
  public var specificationHash: String
  public var arm: String
  public var label: String
  public var family: String
  public var usesLabels: Bool
  public var seed: UInt64
  public var outcome: TrialOutcome
  public var steps: Int
  public var flops: Int
  public var imagesSeen: Int
  public var parameters: Int
  public var samplingParameters: Int
  /// Figures of the headline weights; those of the other weights are in `otherWeights`.
  public var weights: String
  public var metrics: [RecordedMetric]
  public var otherWeights: [RecordedMetric]
  /// Figures that differ from run to run: seconds, memory.
  public var costs: [RecordedMetric]
  public var lossCurves: [RecordedCurve]
  public var metricCurves: [RecordedCurve]
  public var nonFinite: Int
  public var clipped: Int
  public var skipped: Int
  public var resumes: Int
  public var dataHash: String
  public var provenance: [String: String]
}
