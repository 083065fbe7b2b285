import LineupStrictJSON
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct ControlCharacterTests {
  /// A record whose text is refused, with its place.
  @Test(arguments: HostileText.steering) func recordsWithThemAreRefusedByName(_ text: String) throws {
    let folder = try TemporaryFolder()
    let record = "{\n \"curves\": [{\"name\": \(JSONValue.quoted(text))}]\n}"
    let file = try folder.write("record.json", record)
    let fault = try #require(throws: Fault.self) { try JSONFile.read([String: [[String: String]]].self, from: file) }
    #expect(fault.file == file && fault.line == 2 && fault.place == "/curves/0/name")
    #expect(fault.found?.contains("the control character \(text.firstControl!.codePoint)") == true, "\(fault)")
    let named = try folder.write("named.json", "{\(JSONValue.quoted(text)): 1}")
    #expect(throws: Fault.self) { try JSONFile.read([String: Int].self, from: named) }
  }

  @Test func otherTextsAreRead() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("record.json")
    try JSONFile.write(HostileText.printable, to: file)
    #expect(try JSONFile.read([String].self, from: file) == HostileText.printable)
  }
}
