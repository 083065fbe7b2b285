import ArgumentParser
import Testing

@Suite struct CaptionsCommandTests {
  @Test func countsBelowOneAreMistakes() throws {
    let command = try CaptionsCommand.parse(["shapes", "--count", "3"])
    #expect(command.name == "shapes" && command.count == 3)
    #expect(throws: (any Error).self) { try CaptionsCommand.parse(["shapes", "--count", "0"]) }
  }
}
