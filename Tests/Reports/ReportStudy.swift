import Foundation
import LineupDatasets
import LineupFormats
import LineupLearning
import LineupReports
import LineupRunRecords
import LineupStudies
import LineupSupport
import LineupTestSupport

/// A made-up study with three arms and two seeds, written to a folder as workers would have written it. The folder goes
/// with this object.
final class ReportStudy {
  private let folder: TemporaryFolder
  let study: Study

  private static let specification = """
    {
      "name": "made-up", "question": "Is <blue> bluer & better?",
      "data": { "name": "shapes", "channels": 1, "count": 40, "validationCount": 12, "testCount": 20 },
      "budget": { "flops": 1e9 }, "seeds": [1, 2],
      "arms": {
        "first": { "family": "adversarial", "label": "first & best" },
        "second": { "family": "variational" },
        "third": { "family": "latentDiffusion", "label": "third_arm" }
      },
      "evaluation": { "samples": 12, "interimSamples": 6, "gridColumns": 4 }
    }
    """

  private static let ring = """
    { "name": "made-up", "data": { "name": "ring" }, "budget": { "steps": 100 }, "seeds": [1, 2],
      "arms": { "first": { "family": "adversarial" }, "second": { "family": "adversarial", "r1": 1 } },
      "evaluation": { "samples": 12, "interimSamples": 6, "gridColumns": 4 } }
    """

  /// - Parameter specification: another experiment file.
  init(isAboutPoints: Bool = false, specification: String? = nil) throws {
    folder = try TemporaryFolder()
    let file = try folder.write("study.json", specification ?? (isAboutPoints ? Self.ring : Self.specification))
    study = try Study(
      SpecificationFile(path: file).resolve(profile: nil, settings: []), results: folder.file("results"), fresh: false)
    try FileManager.default.createDirectory(atPath: study.folder.records, withIntermediateDirectories: true)
  }

  func addReal() throws {
    let metrics: [[String: Any]] = [
      Self.metric("fd_pix64", 0.5, better: false, extractor: "pix64"), Self.metric("varlap_ratio", 1),
      Self.metric("noise_sigma", 0.03),
    ]
    try write(metrics, to: study.folder.real)
  }

  func addTiming(_ arm: String) throws {
    try write(
      [
        "arm": arm, "specificationHash": study.resolved.sha256, "stepSeconds": 0.02, "imagesPerSecond": 500.0,
        "gigaflopsPerSecond": 30.0, "flopsPerStep": 1000, "samplesPerSecond": 250.0, "singleSampleSeconds": 0.01,
        "steps": 20,
        "threads": 1,
      ], to: study.folder.timing(arm))
  }

  /// Records a trial that completed with some figures, or that failed.
  func add(
    _ arm: String, seed: UInt64, metrics: [String: Double] = [:], failure: String? = nil, keepsSamples: Bool = true,
    curves: [String] = ["fd_pix64", "modes_captured"], losses: [String] = ["loss/total", "grad_norm/model"]
  ) throws {
    let settings = study.specification.arm(named: arm)!
    let curve = ["progress": [0.1, 0.5, 1], "values": [3.0, 2, Double(seed)]]
    var outcome: [String: Any] = ["kind": failure == nil ? "completed" : "failed", "step": failure == nil ? 100 : 1234]
    outcome["reason"] = failure
    let record: [String: Any] = [
      "format": "lineup.trial", "version": 1, "study": "made-up", "profile": "default",
      "specificationHash": study.resolved.sha256, "arm": arm, "label": settings.label, "family": settings.family.name,
      "usesLabels": settings.usesLabels, "seed": seed, "outcome": outcome, "steps": 100, "flops": 1_000_000_000,
      "imagesSeen": 3200, "parameters": 5000, "samplingParameters": 4000, "weights": "average",
      "metrics": metrics.sorted { $0.key < $1.key }.map {
        Self.metric(
          $0.key, $0.value, better: $0.key.hasPrefix("fd_") ? false : nil,
          extractor: $0.key.hasPrefix("fd_") ? String($0.key.dropFirst(3)) : nil)
      },
      "otherWeights": [Any](), "costs": [["name": "core_seconds", "value": 12.5, "unit": "s"]],
      "lossCurves": losses.map { curve.merging(["name": $0]) },
      "metricCurves": curves.map { curve.merging(["name": $0]) },
      "nonFinite": 0, "clipped": 3, "skipped": 0, "resumes": 1, "dataHash": "0", "provenance": ["cpu": "a processor"],
    ]
    try write(record, to: study.folder.record(TrialName(arm: arm, seed: seed)))
    if keepsSamples { try addRun(arm, seed: seed, isFailed: failure != nil) }
  }

  /// A run file with fixed samples at two marks and, where the trial completed, final ones.
  private func addRun(_ arm: String, seed: UInt64, isFailed: Bool) throws {
    let trial = TrialName(arm: arm, seed: seed)
    try FileManager.default.createDirectory(atPath: study.folder.trial(trial).path, withIntermediateDirectories: true)
    let isAboutPoints = study.specification.data.name == "ring"
    let shape = isAboutPoints ? SampleShape.points(dimensions: 2) : .images(height: 28, width: 28, channels: 1)
    func samples(_ count: Int) -> SampleValues {
      isAboutPoints
        ? .floats((0..<2 * count).map { Float($0 % 5) / 5 })
        : .bytes((0..<count * 784).map { UInt8(truncatingIfNeeded: $0 * 31 / 7 + Int(seed)) })
    }
    let recorder = try RunRecorder.create(
      path: study.folder.trial(trial).run,
      layout: RunLayout(
        runID: "run", study: "made-up", family: "family", arm: arm, dataset: "shapes", seed: seed, configJSON: "{}",
        configSHA256: study.resolved.sha256, trialSHA256: study.resolved.identity(of: trial),
        sample: shape, fixedSampleCount: 6),
      provenance: Provenance())
    for (step, flops) in [(50, 500_000_000), (100, 1_000_000_000)] {
      recorder.appendEvaluation(step: step, flops: flops, metrics: [])
      recorder.appendSamples(step: step, samples(6))
    }
    if !isFailed {
      recorder.appendFinalSamples(
        samples(12), labels: [Int32](repeating: -1, count: 12), seeds: (0..<12).map { UInt64($0) })
    }
    try recorder.finish(status: isFailed ? .failed : .completed)
  }

  /// Three arms and two seeds, one trial failed.
  static func complete() throws -> ReportStudy {
    let made = try ReportStudy()
    try made.addReal()
    for seed in [1, 2] as [UInt64] {
      let shift = Double(seed)
      try made.add("first", seed: seed, metrics: ["fd_pix64": 1 + shift, "varlap_ratio": 1.2, "noise_sigma": 0.06])
      try made.add("second", seed: seed, metrics: ["fd_pix64": 5, "varlap_ratio": 0.5 * shift, "noise_sigma": 0.01])
    }
    try made.add("third", seed: 1, metrics: ["fd_pix64": 2.25, "varlap_ratio": 1.3, "noise_sigma": 0.02])
    try made.add("third", seed: 2, failure: "a loss was not finite in step 1235")
    try made.addTiming("first")
    return made
  }

  var report: String { get throws { try String(contentsOfFile: study.folder.report, encoding: .utf8) } }

  func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(study.folder.path)/\(file)") }

  func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(study.folder.path)/\(file)") }

  private static func metric(
    _ name: String, _ value: Double, better: Bool? = nil, extractor: String? = nil
  ) -> [String: Any] {
    var metric: [String: Any] = ["name": name, "value": value, "unit": "1", "realCount": 12, "sampleCount": 12]
    metric["higherIsBetter"] = better
    metric["extractor"] = extractor
    return metric
  }

  private func write(_ object: Any, to path: String) throws {
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: path))
  }
}

extension [String: [Double]] {
  fileprivate func merging(_ other: [String: String]) -> [String: Any] {
    (self as [String: Any]).merging(other) { first, _ in first }
  }
}
