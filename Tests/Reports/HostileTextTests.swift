import Foundation
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// Texts of a study end up in gnuplot, HTML, LaTeX and tables: as texts.
@Suite struct HostileTextTests {
  /// An experiment with one arm for each label.
  private static func experiment(_ labels: [String]) -> String {
    let arms = labels.enumerated().map { index, label in
      "\"arm-\(index)\": {\"family\": \"adversarial\", \"label\": \(JSONValue.quoted(label))}"
    }
    return """
      {"name": "hostile", "question": "<script>alert(1)</script> **x** [a](javascript:alert(1)) ' \\" \\\\",
       "data": {"name": "ring"}, "budget": {"steps": 100}, "seeds": [1],
       "arms": {\(arms.joined(separator: ", "))},
       "evaluation": {"samples": 12, "interimSamples": 6, "gridColumns": 4}}
      """
  }

  private static func shownBySVG(_ text: String) -> String {
    let short =
      text.unicodeScalars.count <= 100 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(99))) + "…"
    return short.replacingScalars { ["&": "&amp;", "<": "&lt;"][$0] }
  }

  @Test func labelsAreTextEverywhere() throws {
    let labels = HostileText.printable
    let made = try ReportStudy(specification: Self.experiment(labels))
    for index in labels.indices {
      try made.add(
        "arm-\(index)", seed: 1, metrics: ["modes_captured": 7, "high_quality_share": 0.9], keepsSamples: false,
        losses: [])
    }
    // One learner reports under hostile names.
    try made.add("arm-0", seed: 1, keepsSamples: false, losses: labels.prefix(24).map { "loss/\($0)" })
    try writeReport(for: made.study)

    let page = try made.report
    #expect(!page.contains("<script") && !page.contains("<img src=x") && !page.contains("\" onmouseover=\""))
    for label in labels {
      let shown = label.replacingScalars { ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"][$0] }
      #expect(page.utf8.contains(shown.utf8), "the page lacks \(label)")
    }
    let latex = latexTable(try StudySummary(made.study))
    #expect(latex.split(separator: "\n").count { $0.hasSuffix("\\\\") } == labels.count + 1)
    #expect(!latex.contains("\\input{/") && !latex.contains("\\write18"))

    for (figure, titles) in [("curve-modes_captured", labels.dropFirst()), ("loss-arm-0", labels.prefix(24))] {
      guard made.exists("figures/\(figure).svg") else { continue }
      let svg = try WholeFile.text("\(made.study.folder.figures)/\(figure).svg")
      for title in titles {
        #expect(svg.utf8.contains(Self.shownBySVG(title).utf8), "\(figure) lacks \(title)")
      }
      let script = try WholeFile.text("\(made.study.folder.figures)/\(figure).gp")
      #expect(!script.contains("PWNED") && !script.contains("alert"))
    }
    #expect(Folder.names(in: made.study.folder.figures).allSatisfy { !$0.contains("PWNED") })
  }

  /// A record from elsewhere whose curve would break out of a script.
  @Test(arguments: HostileText.steering) func recordsThatSteerAreRefused(_ text: String) throws {
    let made = try ReportStudy(isAboutPoints: true)
    try made.add("first", seed: 1, keepsSamples: false, losses: ["loss/\(text)"])
    let fault = try #require(throws: Fault.self) { try writeReport(for: made.study) }
    #expect(fault.file == made.study.folder.record(TrialName(arm: "first", seed: 1)))
    #expect(fault.place == "/lossCurves/0/name")
    #expect(!made.exists("figures") && !made.exists("report.html"))
  }

  @Test(arguments: HostileText.steering) func specificationsThatSteerAreRefused(_ text: String) throws {
    let error = try #require(throws: SpecificationError.self) {
      try ReportStudy(specification: Self.experiment(["good", text]))
    }
    #expect(error.issues.map { "\($0.pointer)" } == ["/arms/arm-1/label"])
    #expect(error.issues.first?.place?.line == 3)
  }

  /// A figure that an earlier report left may hold anything; the page shows it as a picture, in which nothing runs.
  @Test func foreignDrawingsCannotRun() throws {
    let made = try ReportStudy(isAboutPoints: true)
    try Folder.make(made.study.folder.figures)
    try DurableFile.write(
      "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
      to: "\(made.study.folder.figures)/quality-cost.svg")
    try made.add("first", seed: 1, metrics: ["high_quality_share": 0.9], keepsSamples: false)
    try writeReport(for: made.study)
    #expect(try !made.report.contains("<svg") && !made.report.contains("<script"))
  }
}

extension String.UTF8View {
  /// Byte by byte: characters that an accent joins would hide one another.
  fileprivate func contains(_ other: String.UTF8View) -> Bool {
    Data(self).range(of: Data(other)) != nil
  }
}
