import Foundation
import LineupRunRecords
import LineupSupport
import LineupTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What other processes do to a run: kill it, fill its disk, look into its file.
@Suite(.serialized) struct ProcessTests {
  let folder = try! TemporaryFolder()

  /// Starts the pretended run and kills it after so many microseconds, wherever it is.
  static func recordUntilKilled(_ path: String, afterMicroseconds delay: UInt32) throws {
    let recorder = try RunRecorder.create(
      path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
    Thread.detachNewThread {
      usleep(delay)
      kill(getpid(), SIGKILL)
    }
    var step = 1
    while true {
      try PretendedRun.record(step...step + 4, in: recorder)
      step += 5
    }
  }

  @Test(arguments: [1_000, 9_000, 20_000, 33_000, 47_000, 61_000, 88_000, 120_000])
  func aKilledRunLosesNothingThatWasCommitted(delay: UInt32) async throws {
    let path = folder.file("killed.h5")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as UInt32] in
      try ProcessTests.recordUntilKilled(path, afterMicroseconds: delay)
    }
    let run = try RunReader(path: path)
    #expect(run.isLive)
    let committed = try run.committedStep()
    let steps = try run.steps(of: .train)
    #expect(steps.starts(with: 1..<(committed + 1)))
    #expect(
      try run.column("loss/generator", of: .train).map(\.bitPattern)
        == steps.map { PretendedRun.loss($0).bitPattern })
    for (index, step) in try run.gridSteps().enumerated() {
      #expect(try run.grid(at: index).pixels == PretendedRun.pixels(144, step))
    }

    // Resumed, it is the run that was never killed.
    let last = (committed / 10 + 1) * 10
    let resumed = try RunRecorder.resume(
      path: path, layout: PretendedRun.layout, provenance: Provenance(), throughStep: committed)
    try PretendedRun.record(committed + 1...last, in: resumed)
    try PretendedRun.finish(resumed)
    let whole = folder.file("whole.h5")
    let recorder = try RunRecorder.create(path: whole, layout: PretendedRun.layout, provenance: Provenance())
    try PretendedRun.record(1...last, in: recorder)
    try PretendedRun.finish(recorder)
    #expect(try RunDifference.compare(whole, path) == [])
  }

  /// A file-size limit fails writes as a full disk does.
  static func limitFileSize(_ bytes: Int) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: .max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  }

  @Test func aFullDiskIsSaidAndTheCommittedPartSurvives() async throws {
    let path = folder.file("full.h5")
    await #expect(processExitsWith: .exitCode(75)) { [path = path as String] in
      let recorder = try RunRecorder.create(
        path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      ProcessTests.limitFileSize(size! + 200_000)
      do {
        for step in 1...100_000 { try PretendedRun.record(step...step, in: recorder) }
      } catch let error as Fault {
        guard error.isDiskFull, error.file == path, error.cause == "File too large" else { throw error }
        // Later calls say the same instead of writing half a commit.
        guard (try? recorder.heartbeat(.interrupted)) == nil else { return }
        exit(75)
      }
    }
    let run = try RunReader(path: path)
    let committed = try run.committedStep()
    #expect(committed > 0)
    #expect(try run.steps(of: .train).starts(with: 1...committed))
    let resumed = try RunRecorder.resume(
      path: path, layout: PretendedRun.layout, provenance: Provenance(), throughStep: committed)
    try resumed.finish(status: .interrupted)
    #expect(try RunReader(path: path).steps(of: .train) == Array(1...committed))
  }

  @Test func aDiskThatFillsAtTheEndLeavesTheRunAsItWas() async throws {
    let path = folder.file("full.h5")
    await #expect(processExitsWith: .exitCode(75)) { [path = path as String] in
      let recorder = try RunRecorder.create(
        path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
      try PretendedRun.record(1...20, in: recorder)
      try recorder.commit(step: 20)
      do {
        // Room for the last commit, none for the new file's figures.
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        ProcessTests.limitFileSize(size! + 10_000)
        let metrics = (0..<1000).map { FinalMetric("metric \($0)", 1) }
        try recorder.finish(status: .completed, metrics: metrics)
      } catch let error as Fault {
        guard error.isDiskFull, error.file == path else { throw error }
        try recorder.heartbeat(.interrupted)
        exit(75)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["full.h5"])
    #expect(try RunReader(path: path).status() == .interrupted)
    #expect(try RunReader(path: path).steps(of: .train) == Array(1...20))
  }

  @Test func aDiskThatIsFullFromTheStartIsSaid() async throws {
    let path = folder.file("full.h5")
    await #expect(processExitsWith: .exitCode(75)) { [path = path as String] in
      ProcessTests.limitFileSize(4096)
      do {
        _ = try RunRecorder.create(path: path, layout: PretendedRun.layout, provenance: Provenance())
      } catch let error as Fault {
        guard error.isDiskFull, error.file == path else { throw error }
        exit(75)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  func output(of program: String, _ arguments: [String]) throws -> (text: String, status: Int32)? {
    let path = "/usr/bin/\(program)"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      print("\(program) is not installed; what it sees is not checked")
      return nil
    }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  @Test func plainToolsOpenAFinishedFile() throws {
    let path = folder.file("run.h5")
    let recorder = try RunRecorder.create(
      path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
    try PretendedRun.record(1...20, in: recorder)
    try PretendedRun.finish(recorder)
    if let (text, status) = try output(of: "h5ls", ["-r", path]) {
      #expect(status == 0)
      #expect(text.contains("/series/train/loss/generator Dataset {20/Inf}"))
      #expect(text.contains("/samples/fixed_z         Dataset {2/Inf, 5, 4, 3, 1}"))
      #expect(text.contains("/final/kid_pca64         Dataset {SCALAR}"))
    }
    if let (text, status) = try output(of: "h5dump", ["-A", path]) {
      #expect(status == 0)
      #expect(text.contains(#""lineup.run""#))
      #expect(text.contains("STRSIZE 5;"))
    }
    if let (text, status) = try output(of: "h5dump", ["-d", "/events", "-d", "/grids/history", path]) {
      #expect(status == 0)
      #expect(text.contains("loss is not finite"))
    }
  }
}
