import Foundation
import Testing

/// Every page whose examples must compile: each block of Swift in it stands, word for word, in a file that the tests build.
@Suite struct PagesTests {
  @Test(arguments: try pages()) func everyBlockOfSwiftIsCompiled(_ page: String) throws {
    let compiled = try Self.compiledFiles().map { try text($0) }
    for block in swiftBlocks(of: try text(page)) {
      let wanted = trimmedLines(block)
      let file = compiled.first { trimmedLines($0).contains(wanted) }
      #expect(file != nil, "\(page): no compiled file holds this block:\n\(block)")
      guard let file, !imports(block).isEmpty else { continue }
      #expect(imports(block).isSubset(of: imports(file)), "\(page): the file does not import what the page does")
      #expect(imports(file).subtracting(imports(block)).count <= 1, "\(page): an import is missing in\n\(block)")
    }
  }

  private static func compiledFiles() throws -> [String] {
    try [
      "Tests/Examples", "Tests/Extending", "Examples", "Sources/Diffusion/Samplers/Rules",
      "Sources/Families/Diffusion/Conditions",
    ]
    .flatMap { try files(in: $0) }
  }
}

/// The catalogues of the products and the pages on extending Lineup, as paths from the repository's root.
private func pages() throws -> [String] {
  let catalogues = ["Engine", "Families", "Imagine"].map { "Sources/\($0)/Lineup\($0).docc" }
  return try (catalogues + ["docs/extending"]).flatMap { try files(in: $0, extension: "md") }
}

/// The files below a folder, as paths from the repository's root, in order.
private func files(in folder: String, extension wanted: String = "swift") throws -> [String] {
  let path = repositoryFile(folder).path
  guard FileManager.default.fileExists(atPath: path) else { return [] }
  return try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".\(wanted)") }.sorted()
    .map { "\(folder)/\($0)" }
}

private func text(_ path: String) throws -> String { try String(contentsOf: repositoryFile(path), encoding: .utf8) }

/// The blocks fenced as Swift.
private func swiftBlocks(of page: String) -> [String] {
  page.components(separatedBy: "\n```swift\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
}

/// The lines without indentation, for a page shows what stands inside a function from its margin, and without imports, for
/// a test imports the module that a page's file would be part of.
private func trimmedLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    .filter { !$0.hasPrefix("import ") }.joined(separator: "\n").trimmingCharacters(in: .newlines)
}

/// The modules that a text imports.
private func imports(_ text: String) -> Set<String> {
  Set(text.components(separatedBy: "\n").filter { $0.hasPrefix("import ") })
}
