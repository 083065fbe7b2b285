import LineupSupport

/// How a trial ended.
package struct TrialOutcome: Sendable, Codable, Equatable {
  package enum Kind: String, Sendable, Codable {
    case completed
    /// A result like any other: counted, reported, never hidden or retried.
    case failed
  }

  package var kind: Kind
  /// Why it failed, in a sentence with the step.
  package var reason: String?
  package var step: Int

  package init(_ kind: Kind, step: Int, reason: String? = nil) {
    self.kind = kind
    self.step = step
    // A reason quotes what a process said; a record holds no control characters.
    self.reason = reason?.escapingControls()
  }
}

/// One measured figure of a trial, with what is needed to judge it.
package struct RecordedMetric: Sendable, Codable, Equatable {
  package var name: String
  package var value: Double
  package var unit: String
  package var higherIsBetter: Bool?
  package var extractor: String?
  package var realCount: Int?
  package var sampleCount: Int?
  /// The same figure of real images against real ones.
  package var floor: Double?
  package var note: String?

  package init(
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
package struct RecordedCurve: Sendable, Codable, Equatable {
  package var name: String
  /// Shares of the budget, and the values there.
  package var progress: [Double]
  package var values: [Double]

  package init(name: String, progress: [Double], values: [Double]) {
    self.name = name
    self.progress = progress
    self.values = values
  }
}

/// The compact record of a trial that is published: at most 64 KiB.
package struct TrialRecord: Sendable, Codable {
  package var format = "lineup.trial"
  package var version = 1
  package var study: String
  package var profile: String
  /// The SHA-256 of the whole specification as it was when the trial ended.
  package var specificationHash: String
  /// The SHA-256 of the trial's own inputs, by which it belongs to a study; nil in records of earlier versions.
  package var identity: String?
  package var arm: String
  package var label: String
  package var family: String
  package var usesLabels: Bool
  package var seed: UInt64
  package var outcome: TrialOutcome
  package var steps: Int
  package var flops: Int
  package var imagesSeen: Int
  package var parameters: Int
  package var samplingParameters: Int
  /// Figures of the headline weights; those of the other weights are in `otherWeights`.
  package var weights: String
  package var metrics: [RecordedMetric]
  package var otherWeights: [RecordedMetric]
  /// Figures that differ from run to run: seconds, memory.
  package var costs: [RecordedMetric]
  package var lossCurves: [RecordedCurve]
  package var metricCurves: [RecordedCurve]
  package var nonFinite: Int
  package var clipped: Int
  package var skipped: Int
  package var resumes: Int
  package var dataHash: String
  /// The marks that were evaluated; nil in records of earlier versions.
  package var evaluatedMarks: [Double]?
  package var provenance: [String: String]
}
