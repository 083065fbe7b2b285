/// What measuring gives: the number, with what it stands on.
package struct Reading: Sendable {
  package var value: Double
  /// How many real images it was compared with; nil for none.
  package var realCount: Int?
  /// How many samples it was measured on; nil for all.
  package var sampleCount: Int?
  /// Its parameters, for example "k=5".
  package var parameters: String
  /// Why a number is missing or how to read it.
  package var note: String

  package init(
    _ value: Double, realCount: Int? = nil, sampleCount: Int? = nil, parameters: String = "", note: String = ""
  ) {
    self.value = value
    self.realCount = realCount
    self.sampleCount = sampleCount
    self.parameters = parameters
    self.note = note
  }
}

extension Reading {
  /// No number, and why there is none.
  package static func absent(_ reason: String) -> Reading { Reading(.nan, note: reason) }
}

/// One measured number of a metric.
package struct MetricValue: Sendable {
  package let metric: Metric
  /// The number; NaN where there is none, never infinite.
  package let value: Double
  /// How many real images (or training images) it was compared with; nil where that means nothing.
  package let realCount: Int?
  /// How many samples it was measured on; nil where that means nothing.
  package let sampleCount: Int?
  /// Parameters, and how to read the number or why it is missing.
  package let note: String?

  init(_ metric: Metric, _ value: Double, realCount: Int? = nil, sampleCount: Int? = nil, note: String? = nil) {
    self.metric = metric
    self.value = value.isFinite ? value : .nan
    self.realCount = realCount
    self.sampleCount = sampleCount
    self.note = value.isFinite || note?.isEmpty == false ? note : "not defined: it came out as \(value)"
  }

  /// No number of a metric, and why there is none.
  package init(_ metric: Metric, absent reason: String) { self.init(metric, .nan, note: reason) }
}

/// The measurements of one set of images, in the order of the list of metrics.
package struct MetricTable: Sendable {
  package let values: [MetricValue]

  /// The number of a column, nil where there is no such column.
  package subscript(name: String) -> Double? { values.first { $0.metric.name == name }?.value }
}
