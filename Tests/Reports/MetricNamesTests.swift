import Foundation
import LineupMeasurements
import LineupTestSupport
import Testing

/// What is known of a metric stands in its value; everybody else asks the value.
@Suite struct MetricNamesTests {
  /// Names that are words of other things as well: members of files, notes of pictures, columns of run files.
  private static let otherWords: Set<String> = ["flops", "steps", "parameters", "jobs"]

  @Test func noNameIsWrittenAnywhereElse() throws {
    let sources = repositoryRoot.appending(path: "Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var read = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      guard !file.path.contains("/Sources/Measurements/") else { continue }
      read += 1
      let words = try Self.words(of: file)
      for name in Metric.all.map(\.name) where !Self.otherWords.contains(name) {
        #expect(!words.contains("\"\(name)\""), "\(file.path) writes \(name)")
        // A name that is no word must not even stand in a longer text or in a comment.
        if !name.allSatisfy(\.isLetter) { #expect(!words.contains(name), "\(file.path) mentions \(name)") }
      }
    }
    #expect(read > 300)
  }

  /// The runs of letters, digits, strokes and quotation marks in a file.
  private static func words(of file: URL) throws -> Set<String> {
    let marks = Set("_/\"".utf8)
    let parts = try Data(contentsOf: file).split { byte in
      !(marks.contains(byte) || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte))
    }
    return Set(parts.map { String(decoding: $0, as: UTF8.self) })
  }

  @Test func thePageOnMetricsIsTheGeneratedOne() throws {
    let page = try String(contentsOf: repositoryRoot.appending(path: "docs/metrics.md"), encoding: .utf8)
    #expect(page == MetricsPage.text(), "run `make docs`")
  }
}
