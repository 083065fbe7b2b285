import LineupMeasurements
import LineupSupport

extension NumberText {
  /// A number in a metric's style.
  static func text(_ value: Double?, in style: Metric.NumberStyle) -> String {
    switch style {
    case .plain: short(value)
    case .large: large(value)
    case .scientific: value.map { scientific($0) } ?? short(nil)
    case .seconds: seconds(value)
    case .bytes: bytes(value)
    }
  }
}
