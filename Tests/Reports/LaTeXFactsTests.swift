import Foundation
import LineupReports
import LineupStudies
import LineupTestSupport
import Testing

@Suite struct LaTeXFactsTests {
  @Test func thePaperGetsTheTableAndTheSettings() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let study = try ReportStudy.complete().study
    let paths = try writeLaTeX(for: study, to: folder.path)
    #expect(paths.map { URL(fileURLWithPath: $0).lastPathComponent } == ["results-table.tex", "facts.tex"])
    let facts = try String(contentsOfFile: paths[1], encoding: .utf8)
    #expect(facts.contains("\\renewcommand{\\studySeeds}{\(study.specification.seeds.count)}"))
    #expect(facts.contains("\\renewcommand{\\studyHash}{\(study.resolved.sha256.prefix(12))}"))
    #expect(facts.contains("{\\studyBudget}{$1 \\times 10^{9}$}"))
  }
}
