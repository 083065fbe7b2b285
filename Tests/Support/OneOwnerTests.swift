import Foundation
import LineupSupport
import LineupTestSupport
import Testing

/// Facts about the sources themselves: what only one module may do.
@Suite struct OneOwnerTests {
  /// Every Swift file of the package's own modules: its path below `Sources`, and its text.
  private static func sources() throws -> [(path: String, text: String)] {
    let root = repositoryRoot.appending(path: "Sources").path
    let paths = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
    return try paths.filter { $0.hasSuffix(".swift") }.map { ($0, try WholeFile.text("\(root)/\($0)")) }
  }

  private static func users(of pattern: String, outside owner: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    return try sources().filter { path, text in
      !path.hasPrefix(owner)
        && expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }.map(\.path)
  }

  /// Only `Support` opens files for writing, syncs, renames, locks and reads whole files.
  @Test(arguments: [
    #"\bfsync\("#, #"\brename\("#, #"\bflock\("#, #"\bO_(WRONLY|RDWR|CREAT|APPEND)\b"#, #"\.moveItem\("#,
    #"\.createFile\("#, #"\.write\(to: URL"#, #"\.write\(toFile"#, #"contents\(atPath"#,
    #"\b(Data|String)\(contentsOf"#, #"FileHandle\(for(Reading|Writing|Updating)"#, #"\bfopen\("#,
  ])
  func onlySupportOwnsFiles(_ call: String) throws {
    #expect(try Self.users(of: call, outside: "Support/") == [])
  }

  /// What is shown passes the escaping of control characters, and what cannot be shown is noticed.
  @Test(arguments: [#"(?<![\w.])(print|debugPrint|dump|puts|printf)\("#, #"FileHandle\.standard(Output|Error)"#])
  func onlySupportWritesToStreams(_ call: String) throws {
    #expect(try Self.users(of: call, outside: "Support/") == [])
  }

  /// Users' files pass through `StrictJSON`.
  @Test func noFoundationJSON() throws {
    #expect(try Self.users(of: #"\bJSON(Decoder|Encoder|Serialization)\b"#, outside: "-") == [])
  }

  @Test func oneClock() throws {
    let clocks = #"clock_gettime|systemUptime|ContinuousClock|getrusage|\.iso8601"#
    #expect(try Self.users(of: clocks, outside: "Support/") == [])
  }
}
