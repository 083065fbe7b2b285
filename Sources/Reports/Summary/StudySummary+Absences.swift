import LineupMeasurements

extension StudySummary {
  /// Why figures of a table are missing where trials were measured, a sentence a reason: what stands below the table.
  func absences(of metrics: [Metric]) -> [String] {
    var names: [(reason: String, figures: [String])] = []
    for arm in [Self.real] + arms.map(\.arm) {
      for metric in metrics {
        guard let row = row(arm, metric), let reason = row.reason else { continue }
        let figure = "\(row.metric) of \(arm)"
        if let place = names.firstIndex(where: { $0.reason == reason }) {
          names[place].figures.append(figure)
        } else {
          names.append((reason, [figure]))
        }
      }
    }
    return names.map { "Not defined, as \($0.reason): \($0.figures.joined(separator: ", "))." }
  }
}
