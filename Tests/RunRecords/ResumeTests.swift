import Foundation
import LineupRunRecords
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct ResumeTests {
  let folder = try! TemporaryFolder()

  func create(_ name: String) throws -> RunRecorder {
    try RunRecorder.create(
      path: folder.file(name), layout: PretendedRun.layout, provenance: PretendedRun.provenance)
  }

  func resume(_ name: String, throughStep step: Int) throws -> RunRecorder {
    try RunRecorder.resume(
      path: folder.file(name), layout: PretendedRun.layout, provenance: Provenance(), throughStep: step)
  }

  func uninterrupted() throws -> String {
    let recorder = try create("whole.h5")
    try PretendedRun.record(1...40, in: recorder)
    try PretendedRun.finish(recorder)
    return folder.file("whole.h5")
  }

  /// The checkpoint is at 15; the file may hold more, and may hold what was never committed.
  @Test(arguments: [15, 18, 20, 33])
  func aResumedRunEqualsAnUninterruptedOne(diesAfter last: Int) throws {
    let whole = try uninterrupted()
    do {
      let recorder = try create("cut.h5")
      try PretendedRun.record(1...last, in: recorder)
    }
    let recorder = try resume("cut.h5", throughStep: 15)
    #expect(recorder.committedStep == 15)
    #expect(recorder.restoredTiming?.step == 15)
    try PretendedRun.record(16...40, in: recorder)
    try PretendedRun.finish(recorder)
    #expect(try RunDifference.compare(whole, folder.file("cut.h5")) == [])
    let run = try RunReader(path: folder.file("cut.h5"))
    #expect(try run.resumes() == 1)
    #expect(try run.events().map(\.code) == [.started, .nonFiniteLoss, .resumed, .completed])
    #expect(try run.provenance() == PretendedRun.provenance)
  }

  @Test func aFinishedInterruptedRunCanBeTakenUpTwice() throws {
    let whole = try uninterrupted()
    let first = try create("cut.h5")
    try PretendedRun.record(1...12, in: first)
    first.appendFinalSamples(.bytes(PretendedRun.pixels(12, 1)), labels: [1], seeds: [1])
    try first.finish(status: .interrupted)
    let second = try resume("cut.h5", throughStep: 10)
    try PretendedRun.record(11...29, in: second)
    try second.finish(status: .interrupted, metrics: [FinalMetric("too_early", 1)])
    let third = try resume("cut.h5", throughStep: 25)
    try PretendedRun.record(26...40, in: third)
    try PretendedRun.finish(third)
    #expect(try RunDifference.compare(whole, folder.file("cut.h5")) == [])
    #expect(try RunReader(path: folder.file("cut.h5")).resumes() == 2)
  }

  @Test func measuringOnceMoreAtTheCheckpointAddsNothing() throws {
    let whole = try uninterrupted()
    do {
      let recorder = try create("cut.h5")
      try PretendedRun.record(1...20, in: recorder)
    }
    let recorder = try resume("cut.h5", throughStep: 20)
    PretendedRun.evaluate(20, in: recorder)
    try PretendedRun.record(21...40, in: recorder)
    try PretendedRun.finish(recorder)
    #expect(try RunDifference.compare(whole, folder.file("cut.h5")) == [])
  }

  @Test func anUnfinishedFileComparesByItsCommittedPart() throws {
    let recorders = (try create("a.h5"), try create("b.h5"))
    try PretendedRun.record(1...20, in: recorders.0)
    try PretendedRun.record(1...20, in: recorders.1)
    PretendedRun.evaluate(21, in: recorders.1)
    #expect(try RunDifference.compare(folder.file("a.h5"), folder.file("b.h5")) == [])
    try recorders.1.commit(step: 21)
    let differing = try RunDifference.compare(folder.file("a.h5"), folder.file("b.h5")).map(\.object)
    #expect(differing.contains("/samples/fixed_z"))
    #expect(differing.contains("/series/eval/lhf"))
    #expect(differing.contains("/committed"))
    #expect(!differing.contains("/series/train/step"))
  }

  @Test func resumingBeyondTheFileIsRefused() throws {
    do {
      let recorder = try create("cut.h5")
      try PretendedRun.record(1...13, in: recorder)
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("cut.h5")))
    #expect(throws: Fault.rowsMissing(file: folder.file("cut.h5"), committed: 10, wanted: 15)) {
      try resume("cut.h5", throughStep: 15)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("cut.h5"))) == before)
  }

  @Test func anotherRunsFileIsRefused() throws {
    try create("cut.h5").finish(status: .interrupted)
    var layout = PretendedRun.layout
    layout.trialSHA256 = "other"
    let path = folder.file("cut.h5")
    #expect(
      throws: Fault.differentRun(file: path, field: "trial_sha256", found: "'def'", expected: "'other'")
    ) {
      try RunRecorder.resume(path: path, layout: layout, provenance: Provenance(), throughStep: 0)
    }
    layout = PretendedRun.layout
    layout.lossNames = ["total"]
    #expect(throws: Fault.objectMissing(file: path, object: "/series/train/loss/total")) {
      try RunRecorder.resume(path: path, layout: layout, provenance: Provenance(), throughStep: 0)
    }
    layout = PretendedRun.layout
    layout.fixedSampleCount = 6
    #expect(throws: Fault.self) {
      try RunRecorder.resume(path: path, layout: layout, provenance: Provenance(), throughStep: 0)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["cut.h5", "cut.h5.sha256"])
  }
}
