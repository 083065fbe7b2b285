import LineupStudies
import LineupSupport

extension StudySummary {
  /// The result in a few lines, for the end of a run.
  package var terminalText: String {
    let isAboutPoints = rows.contains { $0.metric == "modes_captured" }
    let metrics =
      isAboutPoints
      ? MetricGuide.points.map(\.name) : ["fd_pix64", "coverage", "varlap_ratio", "lhf", "classes_hit"]
    let speed = ["exclusive/samples_per_second", "samples_per_second"].first { name in
      rows.contains { $0.metric == name && $0.mean != nil }
    }
    var table = TextTable(columns: ["arm", "seeds"] + metrics + ["samples/s", "failed"])
    func cells(_ arm: String) -> [String] { metrics.map { text(row(arm, $0)) } }
    if rows.contains(where: { $0.arm == Self.real }) {
      table.add(["real against real", ""] + cells(Self.real) + ["", ""])
    }
    for arm in arms {
      table.add(
        [arm.arm + (arm.usesLabels ? " (used labels)" : ""), "\(arm.completed.count)/\(arm.planned)"] + cells(arm.arm)
          + [
            NumberText.short(speed.flatMap { row(arm.arm, $0)?.iqm }), arm.failed.isEmpty ? "0" : "\(arm.failed.count)",
          ])
    }
    return table.text
  }

  /// The centre over seeds, with the reach of the seeds where there are several.
  private func text(_ row: SummaryRow?) -> String {
    guard let row, let centre = row.iqm else { return "–" }
    guard row.values.count > 1, let low = row.minimum, let high = row.maximum, low != high else {
      return NumberText.short(centre)
    }
    return "\(NumberText.short(centre)) (\(NumberText.short(low))…\(NumberText.short(high)))"
  }
}

/// The results of a study as a table for a terminal.
package func resultsText(for study: Study) throws -> String { StudySummary(study).terminalText }
