import LineupStrictJSON
import LineupSupport
import LineupTestSupport
import Testing

/// Files that vouch for what they hold.
@Suite struct JSONFileTests {
  private struct Figures: Codable, Equatable {
    var name = "gan"
    var values = [1.5, -.infinity, 1e-300]
    var note: String?
  }

  private let folder: TemporaryFolder
  private var path: String { folder.file("figures.json") }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [false, true]) func whatIsWrittenIsReadAndVouchedFor(compact: Bool) throws {
    try JSONFile.write(Figures(), to: path, compact: compact)
    #expect(try JSONFile.read(Figures.self, from: path) == Figures())
    #expect(try JSONFile.seal(of: path) == .whole)
  }

  /// No bit of the file can change without a word, unless the value is still the same.
  @Test func aBitThatChangedIsTold() throws {
    try JSONFile.write(Figures(), to: path)
    let bytes = try WholeFile.read(path)
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      try DurableFile.write(changed, to: path)
      guard let figures = try? JSONFile.read(Figures.self, from: path) else { continue }
      #expect(figures == Figures(), "byte \(place)")
    }
  }

  @Test func damageNamesTheFile() throws {
    try folder.write("figures.json", #"{"digest":"00","name":"gan","values":[]}"#)
    let fault = #expect(throws: Fault.self) { try JSONFile.read(Figures.self, from: path) }
    #expect(fault?.file == path && fault?.place == "/digest")
    #expect("\(fault!)".contains("damaged"))
  }

  @Test func filesOfEarlierVersionsCarryNoDigest() throws {
    try folder.write("figures.json", #"{"name":"gan","values":[]}"#)
    #expect(try JSONFile.seal(of: path) == .absent)
    #expect(try JSONFile.read(Figures.self, from: path).values.isEmpty)
  }
}
