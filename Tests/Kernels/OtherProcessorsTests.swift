import Foundation
import LineupKernels
import LineupTestSupport
import Testing

/// The tests of this bundle, run once more on emulated processors that lack what this one has.
///
/// Kernels choose their vector instructions when a process starts, so another choice needs another process.
@Suite struct OtherProcessorsTests {
  /// QEMU's user-mode emulator (package `qemu-user`).
  private static let emulator = ["/usr/bin", "/usr/local/bin"].map { "\($0)/qemu-x86_64" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Tells the emulated process what it must find.
  static let expectation = "LINEUP_TEST_INSTRUCTION_SET"

  @Test(.enabled(if: emulator != nil, "needs qemu-user"), arguments: [("Haswell", "AVX2"), ("Nehalem", "baseline")])
  func kernelsAreRightOn(processor: String, instructionSet: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.emulator))
    process.arguments = [
      "-cpu", processor, try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      "--testing-library", "swift-testing", "--filter", "KernelsTests", "--skip",
      "OtherProcessorsTests|ThreadsTests|networkShapes",
    ]
    // A core type in the environment would make BLAS use instructions that the emulated processor lacks.
    process.environment = ProcessInfo.processInfo.environment
      .filter { $0.key != "OPENBLAS_CORETYPE" }
      .merging([Self.expectation: instructionSet]) { _, expected in expected }
    let file = TemporaryFile("emulated.log", "")
    defer { withExtendedLifetime(file) {} }
    let log = URL(fileURLWithPath: file.path)
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: log, encoding: .utf8)
    #expect(process.terminationStatus == 0, "\(said.suffix(2000))")
    #expect(said.contains(/Test run with [1-9]/), "The emulated process ran no tests.")
  }
}

/// Apart from the suite above, which the emulated process leaves out.
@Suite struct InstructionSetTests {
  @Test func theInstructionSetIsTheExpectedOne() {
    if let expected = ProcessInfo.processInfo.environment[OtherProcessorsTests.expectation] {
      #expect(MatrixLibrary.instructionSet == expected)
    }
  }
}
