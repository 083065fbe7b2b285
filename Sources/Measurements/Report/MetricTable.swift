/// One measured number with what it stands on.
package struct MetricValue: Sendable {
  package let definition: MetricDefinition
  /// The number; NaN where it could not be measured.
  package let value: Double
  /// How many real images (or training images) it was compared with; 0 for none.
  package let realCount: Int
  /// How many generated images it was measured on.
  package let generatedCount: Int
  /// Its parameters, for example "k=5"; empty for none.
  package let parameters: String
  /// Why a number is missing or how to read it; empty for nothing to say.
  package let note: String
}

/// The measurements of one set of images, in the order of `MetricDefinition.all`.
package struct MetricTable: Sendable {
  package private(set) var values: [MetricValue] = []

  /// The number of a column, nil where there is no such column.
  package subscript(name: String) -> Double? {
    values.first { $0.definition.name == name }?.value
  }

  /// Names and numbers in order.
  package var columns: [(name: String, value: Double)] { values.map { ($0.definition.name, $0.value) } }

  mutating func add(
    _ name: String, _ value: Double, real: Int = 0, generated: Int, parameters: String = "", note: String = ""
  ) {
    guard let definition = MetricDefinition.all.first(where: { $0.name == name }) else {
      preconditionFailure("the metric \(name) is not in the list of columns")
    }
    values.append(
      MetricValue(
        definition: definition, value: value, realCount: real, generatedCount: generated, parameters: parameters,
        note: note))
  }
}
