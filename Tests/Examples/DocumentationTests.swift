import Foundation
import Testing

/// What the library products promise is documented, and stays small enough to be kept.
@Suite struct DocumentationTests {
  @Test func everyPublicDeclarationIsDocumented() throws {
    // A setting's sentence documents an option.
    let declaration = #/^\s*(@\w+(\([^)]*\))? )*(public|open) /#
    var undocumented: [String] = []
    var count = 0
    for file in try sources() {
      let lines = try String(contentsOf: repositoryFile(file), encoding: .utf8).components(separatedBy: "\n")
      for (index, line) in lines.enumerated() where line.contains(declaration) {
        count += 1
        let above = lines[..<index].last { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("@") } ?? ""
        let isDocumented =
          above.trimmingCharacters(in: .whitespaces).hasPrefix("///") || line.contains("@Setting(")
          || lines[..<index].reversed().prefix(8).prefix { !$0.contains("public") && !$0.isEmpty }
            .contains { $0.contains("@Setting(") }
        if !isDocumented { undocumented.append("\(file):\(index + 1): \(line)") }
      }
    }
    #expect(undocumented.isEmpty, "\(undocumented.joined(separator: "\n"))")
    #expect(count < 900, "the products promise \(count) declarations")
    #expect(count > 400, "only \(count) public declarations were found")
  }

  private func sources() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: repositoryFile("Sources").path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { "Sources/\($0)" }
  }
}
