import LineupRunRecords
import LineupTestSupport
import Testing

@Suite struct DifferenceTests {
  let folder = try! TemporaryFolder()

  func run(
    _ name: String, layout: RunLayout = PretendedRun.layout, metric: Double = 1,
    _ change: (RunRecorder) throws -> Void = { _ in }
  ) throws -> String {
    let path = folder.file(name)
    let recorder = try RunRecorder.create(path: path, layout: layout, provenance: Provenance())
    try PretendedRun.record(1...10, in: recorder)
    try change(recorder)
    try recorder.finish(
      status: .completed, metrics: [FinalMetric("fd", metric)], costs: [FinalMetric("s", .random(in: 0...1))])
    return path
  }

  func row(_ loss: Double) -> TrainRow {
    TrainRow(step: 11, images: 1, flops: 1, losses: [("generator", loss), ("critic", 0)])
  }

  @Test func zeroDiffersFromMinusZeroAndNaNEqualsNaN() throws {
    let zero = try run("zero.h5") { $0.append(row(0)) }
    let minus = try run("minus.h5") { $0.append(row(-0.0)) }
    let nan = (try run("nan1.h5") { $0.append(row(.nan)) }, try run("nan2.h5") { $0.append(row(.nan)) })
    #expect(
      try RunDifference.compare(zero, minus) == [
        RunDifference(
          object: "/series/train/loss/generator", kind: .values(count: 1, of: 11, firstIndex: 10))
      ])
    #expect(try RunDifference.compare(nan.0, nan.1) == [])
  }

  @Test func everyKindOfDifferenceIsNamed() throws {
    let plain = try run("plain.h5")
    let more = try run("more.h5") { $0.appendFinalSamples(.bytes(PretendedRun.pixels(12, 1)), labels: [1], seeds: [1]) }
    #expect(
      try RunDifference.compare(plain, more).map(\.description).contains(
        "/samples/final: shape [0, 4, 3, 1] in the first, [1, 4, 3, 1] in the second"))
    let event = try run("event.h5") { $0.appendEvent(step: 10, "something") }
    #expect(try RunDifference.compare(plain, event).map(\.object) == ["/events"])
    #expect(try RunDifference.compare(plain, try run("fd.h5", metric: 2)).map(\.object) == ["/final/fd"])
    var layout = PretendedRun.layout
    layout.lossNames.append("penalty")
    layout.seed = 1
    let differences = try RunDifference.compare(plain, try run("layout.h5", layout: layout))
    #expect(differences.contains(RunDifference(object: "/series/train/loss/penalty", kind: .onlyInSecond)))
    #expect(differences.map(\.object).contains("/@seed"))
  }
}
