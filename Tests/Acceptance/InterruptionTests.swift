import Foundation
import LineupTestSupport
import Testing

/// A study that is killed at any moment and started again must end as one that was never stopped.
@Suite(.serialized) struct InterruptionTests {
  /// A small study on drawn shapes with two arms and frequent checkpoints.
  private static let study = """
    {
      "name": "tiny", "data": { "name": "shapes", "channels": 1, "count": 500, "testCount": 200, "validationCount": 200 },
      "budget": { "steps": 60 }, "seeds": [3],
      "arms": {
        "pixels": { "family": "pixelDiffusion", "batchSize": 4, "network": { "preset": "patch", "channels": [8, 16] } },
        "gan": { "family": "adversarial", "batchSize": 8, "channels": [8, 16], "hidden": 32, "r1": 1 }
      },
      "evaluation": { "samples": 32, "interimSamples": 16, "samplerSteps": 3, "marks": [0.5], "timingSteps": 1 },
      "checkpoints": { "everySteps": 10 }
    }
    """

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func prepare() throws -> String { try folder.write("tiny.json", Self.study) }

  private func run(_ file: String, _ results: String) throws -> Executable.Outcome {
    try Executable.run("run", file, "--results", folder.file(results))
  }

  /// Starts the study, waits until a worker has taken some steps, and kills processes.
  private func runAndKill(_ file: String, _ results: String, runner killsRunner: Bool, atStep step: Int) throws {
    let process = try start(file, results, untilStep: step)
    if killsRunner {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try expectNoWorkers(of: results)
    } else {
      for worker in workers(of: results) { kill(worker, SIGKILL) }
      process.waitUntilExit()
    }
  }

  /// Starts the study and waits until a worker has taken some steps. What goes to standard error lands in a file.
  private func start(_ file: String, _ results: String, untilStep step: Int) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Executable.path)
    process.arguments = ["run", file, "--results", folder.file(results), "--jobs", "2"]
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let position = folder.file("\(results)/tiny/default/runs/pixels/seed-3/position")
    let deadline = Date().addingTimeInterval(60)
    while Date() < deadline, process.isRunning {
      if let data = FileManager.default.contents(atPath: position), data.count == 8,
        data.withUnsafeBytes({ $0.loadUnaligned(as: Int64.self) }) >= Int64(step)
      {
        break
      }
      usleep(2_000)
    }
    return process
  }

  private var errors: URL { URL(fileURLWithPath: folder.file("errors")) }

  /// A terminal's interrupt and a scheduler's request to end: code 75, and a word on how to go on.
  @Test(arguments: [SIGINT, SIGTERM]) func askedToStopItSaysHowToGoOn(signal: Int32) throws {
    let file = try prepare()
    let process = try start(file, "stopped", untilStep: 5)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(text.contains("Interrupted: stopped by request. Give the same command again"), "\(text)")
    #expect(workers(of: "stopped").isEmpty)
    #expect(try run(file, "stopped").status == 0)
  }

  /// The processes that work on a study, by their command lines.
  private func workers(of results: String) -> [Int32] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { Int32($0) }.filter { id in
      guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
      let text = String(decoding: line, as: UTF8.self)
      return text.contains("\0work\0") && text.contains(folder.file(results))
    }
  }

  private func expectNoWorkers(of results: String) throws {
    let deadline = Date().addingTimeInterval(25)
    while Date() < deadline, !workers(of: results).isEmpty { usleep(50_000) }
    #expect(workers(of: results).isEmpty, "a worker outlived its runner")
  }

  @Test func killedRunnersAndWorkersLoseNothing() throws {
    let file = try prepare()
    let whole = try run(file, "whole")
    #expect(whole.status == 0, "\(whole.errors)")

    try runAndKill(file, "killed", runner: true, atStep: 7)
    try runAndKill(file, "killed", runner: true, atStep: 23)
    try runAndKill(file, "killed", runner: false, atStep: 41)
    let resumed = try run(file, "killed")
    #expect(resumed.status == 0, "\(resumed.errors)")

    let folders = ["whole", "killed"].map { folder.file("\($0)/tiny/default") }
    let difference = try Executable.run("diff", folders[0], folders[1])
    #expect(difference.status == 0, "\(difference.output)")
    #expect(difference.output.hasPrefix("No differences"))
  }

  @Test func anotherSpecificationIsRefusedWithItsKeys() throws {
    let file = try prepare()
    let arguments = [
      "run", file, "--results", folder.path, "--set", "budget.steps=2", "--set", "evaluation.samples=16",
    ]
    #expect(try Executable.run(arguments).status == 0)
    let other = try Executable.run(arguments + ["--set", "arms.gan.r1=2"])
    #expect(other.status == 1)
    #expect(other.errors.contains("/arms/gan/r1") && other.errors.contains("--fresh"), "\(other.errors)")
    #expect(try Executable.run(arguments + ["--set", "arms.gan.r1=2", "--fresh"]).status == 0)
  }

  @Test func aTruncatedCheckpointIsPassedOverAndTold() throws {
    let file = try prepare()
    try runAndKill(file, "cut", runner: true, atStep: 35)
    let checkpoints = URL(fileURLWithPath: folder.file("cut/tiny/default/runs/pixels/seed-3/checkpoints"))
    let newest = try FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
      .compactMap { Int($0.dropFirst(5).dropLast(12)) }.max()
    let path = checkpoints.appending(path: "step-\(try #require(newest)).safetensors")
    try Data(contentsOf: path).prefix(1000).write(to: path)
    let resumed = try run(file, "cut")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let log = try String(
      contentsOfFile: folder.file("cut/tiny/default/runs/pixels/seed-3/log.jsonl"), encoding: .utf8)
    #expect(log.contains("damaged checkpoint") && log.contains("resumed"), "\(log)")
  }
}
