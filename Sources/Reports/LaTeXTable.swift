import LineupMeasurements
import LineupStudies
import LineupSupport

/// The main table as LaTeX, for the paper. Real images against real ones come first; an arm that used labels is marked.
package func latexTable(_ summary: StudySummary) -> String {
  let metrics = summary.shown(in: .table).filter { $0.section != .cost }
  func line(_ cells: [String]) -> String { "  " + cells.joined(separator: " & ") + " \\\\" }
  var lines = [
    "% Written by `lineup report` from \(LaTeX.escaped(summary.study)), profile \(LaTeX.escaped(summary.profile)).",
    "% Specification \(summary.specificationHash).",
    "\\begin{tabular}{l\(String(repeating: "r", count: metrics.count + 1))}", "  \\hline",
    line(["arm", "seeds"] + metrics.map { "\(LaTeX.escaped($0.head)) \(LaTeX.arrow($0.direction))" }), "  \\hline",
  ]
  if summary.rows.contains(where: { $0.arm == StudySummary.real }) {
    lines.append(
      line(["real against real", ""] + metrics.map { LaTeX.number(summary.row(StudySummary.real, $0)?.mean) }))
    lines.append("  \\hline")
  }
  for arm in summary.arms {
    let mark = arm.usesLabels ? "$^{\\dagger}$" : ""
    lines.append(
      line(
        [LaTeX.escaped(arm.label) + mark, "\(arm.completed.count)/\(arm.planned)"]
          + metrics.map { LaTeX.value(summary.row(arm.arm, $0)) }))
  }
  lines.append("  \\hline")
  for absence in summary.absences(of: metrics) {
    lines.append(
      line(["\\multicolumn{\(metrics.count + 2)}{l}{\\scriptsize \(LaTeX.escaped(absence))}"]))
  }
  return (lines + ["\\end{tabular}"]).joined(separator: "\n") + "\n"
}

/// Writes the main table of a study as LaTeX.
package func writeLaTeXTable(for study: Study, to path: String) throws {
  try DurableFile.write(latexTable(try StudySummary(study)), to: path)
}

enum LaTeX {
  /// A text that LaTeX prints as it is. Control characters are left out of it in any case, for a line break would end what
  /// the text stands in.
  static func escaped(_ text: String) -> String {
    text.escapingControls().replacingScalars { scalar in
      switch scalar {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(scalar)"
      default: nil
      }
    }
  }

  static func arrow(_ direction: Metric.Direction) -> String {
    switch direction {
    case .higher: "$\\uparrow$"
    case .lower: "$\\downarrow$"
    case .near(let value): value.map { "$\\to \(NumberText.significant($0))$" } ?? ""
    case .neither: ""
    }
  }

  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "--" }
    let text = NumberText.short(value)
    // A small number comes as a power of ten, whose raised digits LaTeX's fonts may lack.
    guard !text.contains("10") || !text.contains("×") else {
      let parts = "\(value)".split(separator: "e")
      return parts.count == 2 ? "$\(parts[0].prefix(4)) \\times 10^{\(parts[1])}$" : "$\(value)$"
    }
    return "$" + text.replacing("−", with: "-").replacing(",", with: "{,}") + "$"
  }

  /// The centre over seeds, with the interval or, of two seeds, the two values below it.
  static func value(_ row: SummaryRow?) -> String {
    guard let row, let centre = row.iqm else { return "--" }
    let reach: (Double, Double)? =
      if let low = row.low, let high = row.high { (low, high) } else if row.values.count == 2 {
        (row.values[0], row.values[1])
      } else {
        nil
      }
    guard let reach, reach.0 != reach.1 else { return number(centre) }
    let joint = row.low == nil ? ", " : "\\,--\\,"
    return number(centre) + " {\\scriptsize (" + number(reach.0) + joint + number(reach.1) + ")}"
  }
}
