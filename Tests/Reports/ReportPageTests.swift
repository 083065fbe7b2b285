import Foundation
import LineupDatasets
import LineupFormats
import LineupReports
import LineupStudies
import Testing

@Suite struct ReportPageTests {
  @Test func theReportTellsEverythingAndStandsAlone() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let paths = try writeReport(for: made.study)
    #expect(paths.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    #expect(paths.contains(made.study.folder.report))
    let page = try made.report
    #expect(page.contains("a loss was not finite in step 1235"))
    #expect(page.contains("third_arm, seed 2"))
    #expect(page.contains("Is &lt;blue&gt; bluer &amp; better?"))
    #expect(page.contains("real against real"))
    #expect(page.contains("used labels"))
    // More structure is called sharper only with the noise of real images.
    #expect(page.contains("more structure than real, noisier"))
    #expect(page.contains("sharper than real"))
    try expectSelfContained(page)
    for file in ["summary.csv", "summary.json", "grids/comparison.png", "grids/over-training.png", "grids/nearest.png"]
    {
      #expect(made.exists(file), "\(file) is missing")
    }
  }

  @Test func gridsHaveARowForEachTrial() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let path = "\(made.study.folder.path)/grid.png"
    func height(arms: [String], seeds: [UInt64], nearest: Bool = false) throws -> (width: Int, height: Int) {
      try writeGrid(for: made.study, arms: arms, seeds: seeds, indices: [0, 1, 2, 3], nearest: nearest, to: path)
      let picture = try Picture(pngFile: path)
      return (picture.width, picture.height)
    }
    let one = try height(arms: ["first"], seeds: [1])
    let two = try height(arms: ["first"], seeds: [1, 2])
    let failed = try height(arms: ["third"], seeds: [1, 2])
    let nearest = try height(arms: ["first"], seeds: [1], nearest: true)
    // A cell is 28 pixels three times enlarged, four pixels from the next.
    #expect(two.height - one.height == 88)
    #expect(failed.height == two.height)
    #expect(nearest.height >= two.height)
    #expect(two.width == one.width)
    #expect(one.width > 4 * 88 && one.height > 2 * 88)
  }

  @Test func unknownNamesAreErrors() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let study = made.study
    #expect(throws: StudyError.self) {
      try writeGrid(for: study, arms: ["frist"], seeds: [], indices: [], nearest: false, to: "/dev/null")
    }
    #expect(throws: StudyError.self) {
      try writeGrid(for: study, arms: [], seeds: [3], indices: [], nearest: false, to: "/dev/null")
    }
    #expect(throws: StudyError.self) {
      try writeGrid(for: study, arms: [], seeds: [], indices: [12], nearest: false, to: "/dev/null")
    }
  }

  @Test func aPublishedStudyKeepsItsPictures() throws {
    let made = try ReportStudy.complete()
    try writeReport(for: made.study)
    let csv = try Data(contentsOf: URL(fileURLWithPath: made.study.folder.summaryTable))
    let grid = "\(made.study.folder.grids)/comparison.png"
    let picture = try Data(contentsOf: URL(fileURLWithPath: grid))
    try made.remove("runs")
    let opened = try Study(opening: made.study.folder.path)
    try writeReport(for: opened)
    #expect(try Data(contentsOf: URL(fileURLWithPath: grid)) == picture)
    #expect(try Data(contentsOf: URL(fileURLWithPath: made.study.folder.summaryTable)) == csv)
    let page = try made.report
    #expect(page.contains("Real images and the first samples of every arm."))
    try expectSelfContained(page)
    #expect(throws: StudyError.self) {
      try writeGrid(for: opened, arms: [], seeds: [], indices: [], nearest: false, to: "/dev/null")
    }
  }

  @Test func nothingBreaksWithLittle() throws {
    let empty = try ReportStudy()
    try writeReport(for: empty.study)
    try expectSelfContained(empty.report)
    #expect(try empty.report.contains("Not finished: 0 of 6 trials"))

    let one = try ReportStudy()
    try one.add("second", seed: 1, metrics: ["fd_pix64": 5, "varlap_ratio": .infinity.nextDown])
    try writeReport(for: one.study)
    try expectSelfContained(one.report)

    let failed = try ReportStudy()
    try failed.addReal()
    for seed in [1, 2] as [UInt64] {
      try failed.add("first", seed: seed, failure: "crashed with \"signal 11\" & more", keepsSamples: false)
    }
    try writeReport(for: failed.study)
    try expectSelfContained(failed.report)
    #expect(try failed.report.contains("crashed with &quot;signal 11&quot; &amp; more"))
    #expect(try failed.report.contains("every trial failed"))
  }

  @Test func pointsHaveTheirOwnPage() throws {
    let made = try ReportStudy(isAboutPoints: true)
    try made.add("first", seed: 1, metrics: ["modes_captured": 7, "high_quality_share": 0.91, "reverse_kl": 0.1])
    try made.add("second", seed: 1, failure: "a gradient was not finite in step 1235")
    try writeReport(for: made.study)
    let page = try made.report
    try expectSelfContained(page)
    #expect(page.contains("98.9 %"))
    #expect(page.contains("real points"))
    #expect(made.exists("grids/comparison.png"))
  }

  /// Whether a page names nothing outside itself and every element is closed where it should be.
  private func expectSelfContained(_ page: String) throws {
    for forbidden in ["http://", "https://", "<script", "src=\"/", "file:", "@import"] {
      #expect(!page.contains(forbidden), "the page has \(forbidden)")
    }
    #expect(unbalanced(page) == nil)
    var names: Set<Substring> = []
    for match in page.matches(of: /\sid=["']([^"']+)["']/) {
      #expect(names.insert(match.1).inserted, "two elements are named \(match.1)")
    }
  }

  /// The first end tag that does not fit, or the elements left open.
  private func unbalanced(_ page: String) -> String? {
    let voids: Set<Substring> = ["meta", "img", "br", "hr"]
    var open: [Substring] = []
    for tag in page.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(\/?)>/) {
      let (end, name, isClosed) = (tag.1 == "/", tag.2, tag.3 == "/")
      if voids.contains(name) || isClosed { continue }
      if !end {
        open.append(name)
      } else if open.popLast() != name {
        return "</\(name)>"
      }
    }
    return open.isEmpty ? nil : open.joined(separator: " ")
  }
}
