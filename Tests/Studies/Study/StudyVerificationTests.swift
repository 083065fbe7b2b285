import Foundation
import LineupReports
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// Single bits that change on the disk: each is told, by `verify` and before anything stands on it.
@Suite struct StudyVerificationTests {
  private let folder: TemporaryFolder
  private let study: Study

  init() throws {
    folder = try TemporaryFolder()
    let path = try folder.write(
      "study.json",
      """
      { "name": "flips", "data": { "name": "ring" }, "budget": { "steps": 6 }, "seeds": [1],
        "arms": { "gan": { "family": "adversarial", "batchSize": 4, "pointLayers": [4] } },
        "evaluation": { "samples": 20, "interimSamples": 12, "marks": [0.5] }, "checkpoints": { "everySteps": 2 } }
      """)
    study = try Study(SpecificationFile(path: path).resolve(), results: folder.file("results"), fresh: false)
    try work()
    try writeReport(for: study)
  }

  private var trial: TrialName { study.trials[0] }

  private func work() throws {
    let worker = try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: trial, jobs: 1, report: { _ in }, shouldStop: { false })
    _ = try worker.run()
  }

  @Test func aFinishedStudyIsWhole() throws {
    let found = try StudyVerification(study.folder.path)
    #expect(found.findings == [])
    // Specification, launch, summary, record, run file, log and two checkpoints.
    #expect(found.whole == 8)
  }

  @Test func bitsThatChangeAreTold() throws {
    let trialFolder = study.folder.trial(trial)
    let store = CheckpointStore(folder: trialFolder.checkpoints)
    let files =
      [
        study.folder.specification, study.folder.launch, study.folder.summary, study.folder.record(trial),
        trialFolder.run, trialFolder.log,
      ] + store.steps().map { store.path($0) }
    for file in files {
      let whole = try WholeFile.read(file)
      for share in [0.01, 0.3, 0.55, 0.8, 0.99] {
        var changed = whole
        let place = Int(share * Double(whole.count))
        changed[place] ^= 1 << UInt8(place % 8)
        try DurableFile.write(changed, to: file)
        let found = try StudyVerification(study.folder.path)
        // White space of a text may change, and where the name of the digest does, the file says that it has none.
        let isText = file.hasSuffix(".json") || file.hasSuffix(".jsonl")
        let isTold = found.isDamaged || isText && found.findings.contains { $0.state == .unsealed }
        #expect(isTold || isText && [0x20, 0x0A].contains(whole[place]), "\(file), byte \(place)")
      }
      try DurableFile.write(whole, to: file)
    }
  }

  /// Nothing of a damaged run file or checkpoint comes into results: the trial is made again, with the same bits.
  @Test(arguments: ["run.h5", "checkpoints/step-6.safetensors"])
  func aTrialIsNeverGoneOnWithFromDamage(_ name: String) throws {
    let path = study.folder.trial(trial).path + "/" + name
    let before = try study.record(trial)
    var bytes = try WholeFile.read(path)
    bytes[bytes.count * 2 / 3] ^= 4
    try DurableFile.write(bytes, to: path)
    try FileManager.default.removeItem(atPath: study.folder.record(trial))
    try work()
    let after = try #require(try study.record(trial))
    // As texts, for some figures are not numbers, which equal nothing.
    #expect("\(after.metrics)" == "\(before!.metrics)")
    #expect("\(after.lossCurves)" == "\(before!.lossCurves)")
    let log = try WholeFile.text(study.folder.trial(trial).log)
    #expect(log.contains("damaged"))
    #expect(try StudyVerification(study.folder.path).findings == [])
  }

  @Test func filesOfEarlierVersionsAreListedAndNoError() throws {
    try FileManager.default.removeItem(atPath: study.folder.launch)
    try FileManager.default.removeItem(atPath: study.folder.trial(trial).run + ".sha256")
    let found = try StudyVerification(study.folder.path)
    #expect(!found.isDamaged)
    #expect(found.findings.map(\.file) == ["specification.json", "runs/gan/seed-1/run.h5"])
    #expect(found.text.contains("runs/gan/seed-1/run.h5: carries no digest"))
  }

  @Test func aRecordCutInHalfIsTold() throws {
    let record = study.folder.record(trial)
    try DurableFile.write(Array(try WholeFile.read(record).prefix(200)), to: record)
    let found = try StudyVerification(study.folder.path)
    #expect(found.findings.map(\.state) == [.damaged])
    #expect(found.findings[0].file == "trials/gan-seed-1.json")
  }
}
