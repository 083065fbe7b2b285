import Foundation
import LineupRunRecords
import LineupTestSupport
import Testing

@Suite struct RoundTripTests {
  let folder = try! TemporaryFolder()

  func finishedRun(_ name: String = "run.h5", steps: Int = 25) throws -> String {
    let path = folder.file(name)
    let recorder = try RunRecorder.create(
      path: path, layout: PretendedRun.layout, provenance: PretendedRun.provenance)
    try PretendedRun.record(1...steps, in: recorder)
    try PretendedRun.finish(recorder)
    return path
  }

  @Test func identityAndStateComeBack() throws {
    let run = try RunReader(path: try finishedRun())
    #expect(!run.isLive)
    #expect(run.identity.runID == "gan-7")
    #expect(run.identity.family == "adversarial")
    #expect(run.identity.seed == .max)
    #expect(try run.configJSON() == PretendedRun.layout.configJSON)
    #expect(try run.attribute("note") == "a test")
    #expect(try run.status() == .completed)
    #expect(try run.committedStep() == 25)
    #expect(try run.resumes() == 0)
    #expect(try run.provenance() == PretendedRun.provenance)
    #expect(abs(try run.heartbeat() - Date().timeIntervalSince1970) < 60)
  }

  @Test func seriesComeBackBitByBit() throws {
    let run = try RunReader(path: try finishedRun())
    #expect(try run.steps(of: .train) == Array(1...25))
    // Beyond 2^53, where doubles would round.
    #expect(try run.integers("flops", of: .train).last == 25 << 54)
    let losses = try run.column("loss/generator", of: .train)
    #expect(losses.map(\.bitPattern) == (1...25).map { PretendedRun.loss($0).bitPattern })
    #expect(try run.column("grad_norm/critic", of: .train) == (1...25).map(Double.init))
    #expect(
      try run.columnNames(of: .train) == [
        "step", "images", "flops", "lr", "nan_count", "clip_count", "skip_count", "loss/generator", "loss/critic",
        "grad_norm/generator", "grad_norm/critic",
      ])
    #expect(try run.steps(of: .evaluation) == [10, 20])
    #expect(try run.column("lhf", of: .evaluation) == [10.0 / 3, 20.0 / 3])
    #expect(try run.column("hits", of: .evaluation).allSatisfy(\.isNaN))
    #expect(try run.columnNames(of: .evaluation) == ["step", "flops", "fd_pca64", "lhf", "hits"])
    #expect(try run.steps(of: .trainTiming) == [5, 10, 15, 20, 25])
    #expect(try run.column("step_s", of: .evaluationTiming) == [0.5, 0.5])
  }

  @Test func samplesAndPicturesComeBack() throws {
    let run = try RunReader(path: try finishedRun())
    #expect(try run.sampleSteps() == [10, 20])
    let fixed = try run.fixedSamples(at: 1)
    #expect(fixed.shape == [5, 4, 3, 1])
    #expect(fixed.values == .bytes(PretendedRun.pixels(60, 20)))
    #expect(try run.fixedSamples(at: 0, average: true).values == .bytes(PretendedRun.pixels(60, 11)))
    let final = try #require(try run.finalSamples())
    #expect(final.samples.shape == [6, 4, 3, 1])
    #expect(final.labels == [0, -1, 1, -1, 2, -1])
    #expect(final.seeds == [0, .max, 1, .max, 2, .max])
    #expect(try run.gridSteps() == [10, 20])
    let grid = try run.grid(at: 1)
    #expect(grid.height == 6 && grid.width == 8)
    #expect(grid.pixels == PretendedRun.pixels(144, 20))
    let spectra = try #require(try run.spectra())
    #expect(spectra.frequencies == [0, 0.25, 0.5])
    #expect(spectra.power == [[1, 0.5, 10], [1, 0.5, 20]])
  }

  @Test func finalFiguresComeBackWithTheirCircumstances() throws {
    let run = try RunReader(path: try finishedRun())
    let metrics = try run.finalMetrics()
    #expect(metrics.map(\.name) == ["kid_pca64", "accuracy"])
    #expect(metrics[0].fakeCount == 900)
    #expect(metrics[0].higherIsBetter == false)
    #expect(metrics[0].floor == 0.01)
    #expect(metrics[1].value.isNaN)
    #expect(metrics[1].k == nil)
    #expect(try run.costs().map(\.name) == ["seconds_per_step"])
  }

  @Test func aLockThatOutlivesItsFileIsWaitedFor() throws {
    let path = try finishedRun()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    #expect(flock(descriptor, LOCK_EX) == 0)
    Thread.detachNewThread {
      usleep(100_000)
      close(descriptor)
    }
    #expect(try RunReader(path: path).finalMetrics().count == 2)
  }

  @Test func eventsComeBackInOrder() throws {
    let events = try RunReader(path: try finishedRun()).events()
    #expect(events.map(\.code) == [.started, .nonFiniteLoss, .completed])
    #expect(events[1].text == "loss is not finite – ∞")
    #expect(events[1].level == .warning)
    #expect(events.map(\.step) == [0, 13, 25])
  }

  @Test func pointSamplesAreStoredAsFloats() throws {
    var layout = PretendedRun.layout
    layout.sample = .points(dimensions: 2)
    layout.fixedSampleCount = 2
    layout.hasAverageSamples = false
    let path = folder.file("points.h5")
    let recorder = try RunRecorder.create(path: path, layout: layout, provenance: Provenance())
    recorder.appendSamples(step: 1, .floats([1, 2, 3, -0.1]))
    try recorder.finish(status: .interrupted)
    let run = try RunReader(path: path)
    let points = try run.fixedSamples(at: 0)
    #expect(points.shape == [2, 2])
    #expect(points.values == .floats([1, 2, 3, -0.1]))
    #expect(try run.status() == .interrupted)
  }

  @Test func aLayoutWithoutAnythingWorks() throws {
    let path = folder.file("bare.h5")
    let layout = RunLayout(
      runID: "", study: "", family: "", arm: "", dataset: "", seed: 0, configJSON: "", configSHA256: "", trialSHA256: ""
    )
    let recorder = try RunRecorder.create(path: path, layout: layout, provenance: Provenance())
    recorder.append(TrainRow(step: 1, images: 1, flops: 1, losses: []))
    try recorder.finish(status: .failed, message: "the loss was not finite at step 1")
    let run = try RunReader(path: path)
    #expect(try run.steps(of: .train) == [1])
    #expect(try run.finalSamples() == nil)
    #expect(try run.spectra() == nil)
    #expect(try run.gridSteps().isEmpty)
    #expect(try run.events().last?.text == "the loss was not finite at step 1")
  }

  @Test func nothingElseIsLeftInTheFolder() throws {
    _ = try finishedRun()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["run.h5", "run.h5.sha256"])
  }
}
