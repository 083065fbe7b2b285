import Foundation
import LineupTestSupport
import Testing

/// What the command does with its streams.
@Suite struct StreamTests {
  /// Runs the command in a shell: `lineup` is its path there.
  private func shell(_ script: String) throws -> (status: Int32, errors: String) {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "lineup() { \"$LINEUP\" \"$@\"; }; \(script)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["LINEUP": Executable.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test(arguments: [
    "schema", "schema --reference", "schema --metrics", "validate \(experiment("gan-vs-diffusion"))", "--help",
    "--version",
    "data list", "data list --json", "plan \(experiment("gan-vs-diffusion")) --profile smoke --gflops 20",
  ])
  func aFullDeviceIsAnError(_ arguments: String) throws {
    let outcome = try shell("lineup \(arguments) > /dev/full")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("standard output: cannot be written: No space left on device"))
  }

  @Test func aReaderThatHasEnoughIsNone() throws {
    let outcome = try shell("lineup schema --reference | head -1; [ ${PIPESTATUS[1]} = 0 ]")
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("annot be written"))
  }

  @Test func controlCharactersAreRefusedAndNeverShown() throws {
    let folder = try TemporaryFolder()
    let study = try folder.write(
      "injection.json",
      #"""
      {"name": "injection", "data": {"name": "ring"}, "budget": {"steps": 30}, "seeds": [1], "arms": {
        "one": {"family": "adversarial", "label": "x\nsystem \"touch PWNED\"\n#"},
        "two": {"family": "adversarial", "label": "<script>alert(5)</script>\u001b[31mRED\u001b]0;title\u0007\u009b"}}}
      """#)
    for command in [["run", study, "--results", folder.file("results")], ["validate", study]] {
      let outcome = try Executable.run(command)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("injection.json:2:36: /arms/one/label: found the control character U+000A"))
      #expect(outcome.errors.contains("injection.json:3:36: /arms/two/label: found the control character U+001B"))
      #expect(
        !(outcome.errors + outcome.output).unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{9B}" })
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("results")))
  }
}
