import LineupMeasurements
import LineupStudies
import LineupSupport

extension StudySummary {
  /// The result in a few lines, for the end of a run.
  package var terminalText: String {
    let metrics = shown(in: .terminal)
    var table = TextTable(columns: ["arm", "seeds"] + metrics.map(title) + ["failed"])
    if rows.contains(where: { $0.arm == Self.real }) {
      table.add(["real against real", ""] + metrics.map { text(row(Self.real, $0), orNothing: true) } + [""])
    }
    for arm in arms {
      table.add(
        [arm.arm + (arm.usesLabels ? " (used labels)" : ""), "\(arm.completed.count)/\(arm.planned)"]
          + metrics.map { text(numbers(arm.arm, $0)) } + [arm.failed.isEmpty ? "0" : "\(arm.failed.count)"])
    }
    return ([table.text] + absences(of: metrics).map { $0.escapingControls() + "\n" }).joined()
  }

  /// The names of files, by which a reader finds a figure again; costs have longer ones than fit.
  private func title(_ metric: Metric) -> String { metric.section == .cost ? metric.head : metric.name }

  /// The centre over seeds, with the reach of the seeds where there are several.
  private func text(_ row: SummaryRow?, orNothing: Bool = false) -> String {
    guard let row, let centre = row.iqm else { return orNothing ? "" : "–" }
    guard row.values.count > 1, let low = row.minimum, let high = row.maximum, low != high else {
      return NumberText.short(centre)
    }
    return "\(NumberText.short(centre)) (\(NumberText.short(low))…\(NumberText.short(high)))"
  }
}

/// The results of a study as a table for a terminal.
package func resultsText(for study: Study, metrics: [Metric] = Metric.all) throws -> String {
  try StudySummary(study, metrics: metrics).terminalText
}
