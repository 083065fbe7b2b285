import Foundation
import LineupTestSupport
import Testing

/// Workers and runners are killed at random moments. No trial may be lost, and the results are bit by bit those of a study
/// that nobody disturbed.
@Suite(.serialized) struct RandomKillTests {
  private static let study = """
    {
      "name": "points", "data": { "name": "ring" }, "budget": { "steps": 80 }, "seeds": [3, 4],
      "arms": { "gan": { "family": "adversarial", "batchSize": 32, "latentSize": 2, "pointLayers": [16, 16] } },
      "evaluation": { "samples": 100, "interimSamples": 50, "marks": [0.5], "timingSteps": 1 },
      "checkpoints": { "everySteps": 5 }
    }
    """

  /// A few, or with `LINEUP_SOAK=1` in the environment as many as a night may bring.
  private static let kills = ProcessInfo.processInfo.environment["LINEUP_SOAK"] == "1" ? 500 : 6

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func start(_ file: String, _ results: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Executable.path)
    process.arguments = ["run", file, "--results", folder.file(results), "--jobs", "2"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = URL(fileURLWithPath: try folder.write("errors", ""))
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    return process
  }

  private func children(of process: Int32) -> [Int32] {
    let path = "/proc/\(process)/task/\(process)/children"
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  @Test func noTrialIsLostToKillsFromOutside() throws {
    let file = try folder.write("points.json", Self.study)
    let whole = try start(file, "whole")
    whole.waitUntilExit()
    #expect(whole.terminationStatus == 0)

    var (done, launches) = (0, 0)
    while true {
      launches += 1
      let runner = try start(file, "killed")
      while done < Self.kills, runner.isRunning {
        usleep(.random(in: 10_000...700_000))
        // Mostly a worker, which the runner begins again; now and then the runner.
        let victim = done % 5 == 4 ? runner.processIdentifier : children(of: runner.processIdentifier).randomElement()
        guard let victim, kill(victim, [SIGKILL, SIGKILL, SIGTERM, SIGXCPU][done % 4]) == 0 else { continue }
        done += 1
      }
      runner.waitUntilExit()
      if runner.terminationReason == .exit, runner.terminationStatus == 0 {
        if done >= Self.kills { break }
        // All trials have their outcomes: on with a study of the same name from the beginning, after a look at it.
        try expectNoDifference()
        try FileManager.default.removeItem(atPath: folder.file("killed"))
      }
      let isKilled = runner.terminationReason == .uncaughtSignal
      let errors = try String(contentsOfFile: folder.file("errors"), encoding: .utf8)
      #expect(isKilled || [0, 75].contains(runner.terminationStatus), "\(errors)")
      #expect(launches < Self.kills + 10, "it does not come to an end: \(errors)")
      if launches >= Self.kills + 10 { return }
    }
    try expectNoDifference()
  }

  private func expectNoDifference() throws {
    let folders = ["whole", "killed"].map { folder.file("\($0)/points/default") }
    let difference = try Executable.run("diff", folders[0], folders[1])
    #expect(difference.status == 0 && difference.output.hasPrefix("No differences"), "\(difference.output)")
    let records = try FileManager.default.contentsOfDirectory(atPath: "\(folders[1])/trials").sorted()
    #expect(records.filter { $0.hasPrefix("gan-seed") } == ["gan-seed-3.json", "gan-seed-4.json"])
  }

  /// A signal of mistakes that another process sent is no mistake of the trial.
  @Test func aSegmentationFaultFromOutsideIsAKill() throws {
    let study = Self.study.replacingOccurrences(of: "\"steps\": 80", with: "\"steps\": 1000000")
    let file = try folder.write("points.json", study)
    let runner = try start(file, "shot")
    let position = folder.file("shot/points/default/runs/gan/seed-3/position")
    var shots = 0
    let deadline = Date().addingTimeInterval(60)
    while shots < 2, Date() < deadline {
      usleep(20_000)
      guard FileManager.default.fileExists(atPath: position), let worker = children(of: runner.processIdentifier).first
      else { continue }
      kill(worker, SIGSEGV)
      shots += 1
      usleep(300_000)
    }
    kill(runner.processIdentifier, SIGTERM)
    runner.waitUntilExit()
    #expect(runner.terminationStatus == 75)
    let deaths = folder.file("shot/points/default/runs/gan/seed-3/deaths.json")
    let text = try String(contentsOfFile: deaths, encoding: .utf8)
    #expect(text.contains("killed") && !text.contains("trap"), "\(text)")
  }
}
