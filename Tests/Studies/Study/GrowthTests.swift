import LineupReports
import LineupRunRecords
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

/// A study gains seeds, arms and marks, and the trials that it has stand.
@Suite struct GrowthTests {
  private static func file(
    seeds: String = "[1]", arms: [String] = ["gan"], marks: String = "[0.5]", batch: Int = 4, label: String = "a GAN"
  ) -> String {
    let settings = [
      "gan": #"{ "family": "adversarial", "label": "\#(label)", "batchSize": \#(batch), "pointLayers": [4] }"#,
      "vae": #"{ "family": "variational", "batchSize": 4, "hidden": 4 }"#,
    ]
    return """
      { "name": "grows", "data": { "name": "ring" }, "budget": { "steps": 8 }, "seeds": \(seeds),
        "arms": { \(arms.map { "\"\($0)\": \(settings[$0]!)" }.joined(separator: ", ")) },
        "evaluation": { "samples": 20, "interimSamples": 12, "marks": \(marks), "timingSteps": 1 } }
      """
  }

  private func launch(_ text: String, in folder: TemporaryFolder) throws -> Study {
    let path = try folder.write("study.json", text)
    return try Study(SpecificationFile(path: path).resolve(), results: folder.file("results"), fresh: false)
  }

  /// Works on what has no outcome, as a launcher does, and says what that was.
  @discardableResult private func work(_ study: Study) throws -> [String] {
    var worked: [String] = []
    for trial in study.trials where try study.record(trial) == nil {
      let opened = try Study(opening: study.folder.path)
      let worker = try TrialWorker(
        study: opened.folder, resolved: opened.resolved, trial: trial, jobs: 1, report: { _ in }, shouldStop: { false })
      _ = try worker.run()
      worked.append("\(trial)")
    }
    return worked
  }

  @Test func onlyWhatIsNewIsTrained() throws {
    let folder = try TemporaryFolder()
    #expect(try work(launch(Self.file(), in: folder)) == ["gan, seed 1"])
    #expect(try work(launch(Self.file(seeds: "[1, 2]", label: "other words"), in: folder)) == ["gan, seed 2"])
    let study = try launch(Self.file(seeds: "[1, 2]", arms: ["vae", "gan"], label: "other words"), in: folder)
    #expect(try work(study) == ["vae, seed 1", "vae, seed 2"])
    #expect(study.specification.arms.map(\.name) == ["vae", "gan"])
    #expect(study.specification.arms.map(\.label) == ["vae", "other words"])
    #expect(try study.records().count == 4)
  }

  @Test func whatTrialsDependOnIsRefusedWithBothValues() throws {
    let folder = try TemporaryFolder()
    try work(launch(Self.file(seeds: "[1, 2]"), in: folder))
    func refusal(_ text: String) throws -> String {
      "\(#expect(throws: StudyError.self) { try launch(text, in: folder) }!)"
    }
    #expect(try refusal(Self.file(seeds: "[1, 2]", batch: 5)).contains("/arms/gan/batchSize: 4 then, 5 now"))
    #expect(try refusal(Self.file(seeds: "[1]")).contains("/seeds: [1,2] then, [1] now"))
    #expect(try refusal(Self.file(seeds: "[1, 2]", arms: ["vae"])).contains("/arms/gan"))
    #expect(try refusal(Self.file(batch: 5)).contains("--fresh"))
    #expect(try work(launch(Self.file(seeds: "[1, 2]"), in: folder)) == [])
  }

  @Test func marksThatATrialHasPassedAreAbsentWithTheReason() throws {
    let folder = try TemporaryFolder()
    try work(launch(Self.file(), in: folder))
    let study = try launch(Self.file(seeds: "[1, 2]", marks: "[0.25, 0.5]"), in: folder)
    #expect(try work(study) == ["gan, seed 2"])
    let records = try study.records()
    #expect(records.map { $0.evaluatedMarks } == [[0.5], [0.25, 0.5]])
    let paths = try writeReport(for: study)
    let page = try WholeFile.text(#require(paths.first { $0.hasSuffix("report.html") }))
    #expect(page.contains("gan, seed 1, has no evaluation at 25\u{A0}% of its budget"))
    #expect(!page.contains("gan, seed 2, has no evaluation"))
  }

  /// Damage of the stored specification is told before anything is trained on it.
  @Test func aChangedSpecificationIsTold() throws {
    let folder = try TemporaryFolder()
    let study = try launch(Self.file(), in: folder)
    let text = try WholeFile.text(study.folder.specification)
    try DurableFile.write(text.replacing("\"batchSize\": 4", with: "\"batchSize\": 6"), to: study.folder.specification)
    let fault = #expect(throws: Fault.self) { try Study(opening: study.folder.path) }
    #expect("\(fault!)".contains("damaged"))
  }

  /// A record that cannot be read is an error of the report, never a seed less; `run` makes it again.
  @Test func recordsThatAreDamagedOrOfAnotherTrialAreTold() throws {
    let folder = try TemporaryFolder()
    let study = try launch(Self.file(seeds: "[1, 2]"), in: folder)
    try work(study)
    let paths = study.trials.map { study.folder.record($0) }
    let whole = try WholeFile.read(paths[0])
    try DurableFile.write(Array(whole.prefix(whole.count / 2)), to: paths[0])
    #expect(throws: Fault.self) { try writeReport(for: study) }
    #expect(study.damagedRecords().map(\.file) == [paths[0]])
    try DurableFile.write(try WholeFile.read(paths[1]), to: paths[0])
    #expect("\(study.damagedRecords())".contains("belongs to gan, seed 2"))
  }
}
