import Foundation
import LineupMeasurements
import LineupReports
import LineupStudies
import Testing

/// One more value in the list is all that a new metric needs to be seen.
@Suite struct NewMetricTests {
  private static let edges = Metric(
    "edge_width", title: "width of edges", head: "edges", unit: "pixels", direction: .near(2.5), section: .sharpness,
    meaning: "How many pixels an edge takes.", traps: "Noise has narrow edges.",
    method: .images { _ in Reading(2) })

  private func study() throws -> ReportStudy {
    let made = try ReportStudy()
    for seed in [1, 2] as [UInt64] {
      try made.add(
        "first", seed: seed, metrics: ["fd_pix64": 5, "edge_width": 1.25 * Double(seed)],
        curves: ["fd_pix64", "edge_width"])
    }
    return made
  }

  @Test func itShowsInTablesFiguresAndTheTerminal() throws {
    let made = try study()
    defer { withExtendedLifetime(made) {} }
    let metrics = Metric.all + [Self.edges]
    let figures = try writeReport(for: made.study, metrics: metrics).filter { $0.contains("/figures/") }
    let page = try made.report
    #expect(page.contains("edges\u{A0}→\u{A0}2.5</th>"))
    #expect(page.contains("How many pixels an edge takes. Noise has narrow edges."))
    if !figures.isEmpty { #expect(figures.contains { $0.hasSuffix("/curve-edge_width.svg") }) }
    #expect(try resultsText(for: made.study, metrics: metrics).contains("edge_width"))
    let table = latexTable(try StudySummary(made.study, metrics: metrics))
    #expect(table.contains("edges $\\to 2.5$") && table.contains("$1.88$"))
    #expect(MetricsPage.text(of: metrics).contains("| `edge_width` | → 2.5 | pixels |"))
  }

  @Test func aMetricThatNobodyKnowsIsShownUnderItsRecordedName() throws {
    let made = try study()
    defer { withExtendedLifetime(made) {} }
    try writeReport(for: made.study)
    let page = try made.report
    #expect(page.contains(">edge_width</th>"))
    #expect(try StudySummary(made.study).row("first", "edge_width")?.mean == 1.875)
    #expect(try StudySummary(made.study).csv.contains("first,edge_width,1,"))
    #expect(!page.contains("edges\u{A0}"))
  }

  @Test func aSpaceOfOtherSizeIsReportedUnderItsName() throws {
    let made = try ReportStudy()
    defer { withExtendedLifetime(made) {} }
    try made.add("first", seed: 1, metrics: ["fd_pix32": 5], curves: ["fd_pix32"])
    try writeReport(for: made.study)
    #expect(try made.report.contains("FD (pix32)\u{A0}↓</th>"))
    #expect(try resultsText(for: made.study).contains("fd_pix32"))
    #expect(try made.report.contains("Fréchet distance 5"))
  }
}
