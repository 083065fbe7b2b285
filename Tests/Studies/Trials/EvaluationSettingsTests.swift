import LineupMeasurements
import LineupStudies
import Testing

/// Settings of the evaluation change what is measured, and nothing of what is trained.
@Suite struct EvaluationSettingsTests {
  private static let study = """
    {
      "name": "settings", "budget": { "steps": 1 }, "seeds": [1],
      "data": { "name": "shapes", "channels": 1, "count": 80, "validationCount": 30, "testCount": 30, "size": 16 },
      "arms": { "vae": { "family": "variational", "batchSize": 4, "channels": [4, 4], "hidden": 8 } },
      "evaluation": { "samples": 20, "interimSamples": 6, "marks": [], "gridColumns": 4 }
    }
    """

  /// The record of the only trial.
  private func record(_ setting: String? = nil) throws -> TrialRecord {
    let files = try ExperimentFiles(["study.json": Self.study])
    defer { withExtendedLifetime(files) {} }
    let resolved = try setting.map { try files.resolve("study.json", profile: nil, $0) } ?? files.resolve()
    let study = try Study(resolved, results: files.path("results"), fresh: false)
    let worker = try TrialWorker(
      study: study.folder, resolved: resolved, trial: TrialName(arm: "vae", seed: 1), jobs: 1, report: { _ in },
      shouldStop: { false })
    guard case .finished = try worker.run() else { throw StudyError.unsuitable("The trial did not finish.") }
    return try #require(try study.records().first)
  }

  private func value(_ metric: Metric, _ record: TrialRecord) -> Double? {
    record.metrics.first { $0.name == metric.name }?.value
  }

  @Test func reconstructionsAreOfTheSplitThatIsAskedFor() throws {
    let (test, validation) = (try record(), try record("evaluation.split=validation"))
    #expect(test.lossCurves == validation.lossCurves)
    for metric in [Metric.reconstructionSignal, .reconstructionSimilarity, .frechet] {
      let values = (try #require(value(metric, test)), try #require(value(metric, validation)))
      #expect(values.0 != values.1, "\(metric.name)")
    }
  }

  @Test func componentsMakeTheSpace() throws {
    let (few, many) = (try record("evaluation.components=3"), try record())
    #expect(few.lossCurves == many.lossCurves)
    let distance = few.metrics.first { $0.name == Metric.frechet.measured(onComponents: 3).name }
    #expect(distance?.extractor == "pix3")
    #expect(try #require(distance).value < #require(value(.frechet, many)))
    #expect(value(.frechet, few) == nil)
    #expect(few.metricCurves.contains { $0.name == distance?.name })
  }
}
