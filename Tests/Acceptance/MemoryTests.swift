import Foundation
import LineupTestSupport
import Testing

/// What the program says and does when there is too little memory.
@Suite struct MemoryTests {
  private static let study = """
    {
      "name": "points", "data": { "name": "ring" }, "budget": { "steps": 4 }, "seeds": [3],
      "arms": {
        "huge": { "family": "adversarial", "batchSize": 65536, "latentSize": 2, "pointLayers": [8192] },
        "small": { "family": "adversarial", "batchSize": 32, "latentSize": 2, "pointLayers": [16] }
      },
      "evaluation": { "samples": 100, "interimSamples": 50, "marks": [], "timingSteps": 1 }
    }
    """

  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.write("points.json", Self.study)
  }

  /// Runs the study in an address space of so many KiB.
  private func run(kibibytes: Int) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let command = "'\(Executable.path)' run '\(file)' --results '\(folder.path)' --jobs 2"
    process.arguments = ["-c", "ulimit -v \(kibibytes); exec timeout -s KILL 60 \(command)"]
    let errors = URL(fileURLWithPath: try folder.write("errors", ""))
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: errors, encoding: .utf8))
  }

  @Test(arguments: [220_000, 300_000, 420_000])
  func tooLittleToBeginIsSaid(kibibytes: Int) throws {
    let (status, errors) = try run(kibibytes: kibibytes)
    #expect(status == 75 && errors.contains("out of memory: "), "\(errors)")
  }

  @Test func aTrialThatIsTooLargeIsPutOffAndTheOthersRun() throws {
    let (status, errors) = try run(kibibytes: 2_000_000)
    #expect(status == 75)
    #expect(errors.contains("Interrupted: huge, seed 3: ran out of memory in step 1 (out of memory: "), "\(errors)")
    #expect(errors.contains("MiB more were needed") && errors.contains("lineup plan"), "\(errors)")
    let records = try FileManager.default.contentsOfDirectory(atPath: folder.file("points/default/trials"))
    #expect(records.contains("small-seed-3.json") && !records.contains("huge-seed-3.json"), "\(records)")
  }

  @Test func aPlanSaysHowMuchMemoryATrialTakes() throws {
    func memory(batchSize: Int) throws -> Double {
      let arm = #"{"family": "adversarial", "batchSize": \#(batchSize), "latentSize": 2, "pointLayers": [64]}"#
      let outcome = try Executable.run("plan", file, "--json", "--set", "arms.huge=\(arm)", "--jobs", "1")
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      return try #require(object?["memoryBytes"] as? Double, "\(outcome.errors)")
    }
    let (few, many) = (try memory(batchSize: 64), try memory(batchSize: 65536))
    // At least the hidden layers of generator and discriminator.
    #expect(many - few > 2 * 64 * 65536 * 4)
    #expect(few > 10e6 && few < 1e9)
  }
}
