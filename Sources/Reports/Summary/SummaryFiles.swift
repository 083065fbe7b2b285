import Foundation
import LineupStrictJSON
import LineupStudies
import LineupSupport

extension StudySummary {
  /// The columns of `summary.csv`.
  ///
  /// `n_seeds` counts seeds with a number, `n_failed` failed trials of the arm. `low` and `high` bound the 95 % bootstrap
  /// interval of the interquartile mean (`iqm`) over seeds and are empty with fewer than three. `floor` is the same
  /// figure of real images against real ones. `reason` says why a row has no number.
  static let columns = [
    "arm", "metric", "unit", "extractor", "n_seeds", "n_failed", "mean", "median", "iqm", "minimum", "maximum", "low",
    "high", "floor", "n_real", "n_samples",
    "reason",
  ]

  /// The table as comma-separated values (RFC 4180), numbers with six significant digits. The same records give the
  /// same bytes.
  package var csv: String {
    var lines = [Self.columns.joined(separator: ",")]
    for row in rows {
      let numbers = [row.mean, row.median, row.iqm, row.minimum, row.maximum, row.low, row.high, row.floor]
      let fields =
        [row.arm, row.metric, row.unit, row.extractor, "\(row.values.count)", "\(row.failed)"]
        + numbers.map { $0.map(Self.number) ?? "" }
        + [row.realCount, row.sampleCount].map { $0.map { "\($0)" } ?? "" }
        + [row.reason ?? ""]
      lines.append(fields.map(Self.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes `summary.csv` and `summary.json`.
  ///
  /// - Returns: the paths written.
  func write(to folder: StudyFolder) throws(Fault) -> [String] {
    try DurableFile.write(csv, to: folder.summaryTable)
    try JSONFile.write(rounded, to: folder.summary)
    return [folder.summaryTable, folder.summary]
  }

  /// Numbers as the table gives them, so that both files say the same.
  private var rounded: StudySummary {
    func round(_ value: Double?) -> Double? { value.flatMap { Double(Self.number($0)) } }
    var copy = self
    for index in copy.rows.indices {
      copy.rows[index].values = copy.rows[index].values.map { round($0) ?? $0 }
      for path in [\SummaryRow.mean, \.median, \.iqm, \.minimum, \.maximum, \.low, \.high, \.floor] {
        copy.rows[index][keyPath: path] = round(copy.rows[index][keyPath: path])
      }
    }
    return copy
  }

  private static func number(_ value: Double) -> String { NumberText.significant(value, digits: 6) }

  private static func quoted(_ field: String) -> String {
    guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
    return "\"" + field.replacing(scalar: "\"", with: "\"\"") + "\""
  }
}
