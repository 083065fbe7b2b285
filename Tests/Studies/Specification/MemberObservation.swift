import Foundation
import LineupMeasurements
import LineupReports
import LineupRunRecords
import LineupStudies
import LineupSupport
import Synchronization

/// What can be measured of a study whose one trial was run as a worker runs it.
struct MemberObservation: Sendable {
  enum Trace: String, CaseIterable {
    /// The curves of losses, gradients and rates; whether steps were clipped.
    case training
    case steps
    case parameters
    case data
    /// The measurements at the marks and the final ones.
    case marks
    case metrics
    case samples
    /// The picture files.
    case pictures
    case checkpoints
    /// The trials of the study.
    case trials
    /// The steps of the timing pass.
    case timing
  }

  var traces: [Trace: String] = [:]

  /// What was seen before: most changes start from the same study.
  private static let seen = Mutex<[String: MemberObservation]>([:])

  /// Runs the trial of an arm under the first seed of an experiment file, once.
  static func of(_ file: [String: Any], arm: String, timed: Bool) throws -> MemberObservation {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: file, options: .sortedKeys), as: UTF8.self)
    let key = "\(arm) \(timed) \(text)"
    if let observation = seen.withLock({ $0[key] }) { return observation }
    let observation = try MemberObservation(text, arm: arm, timed: timed)
    seen.withLock { $0[key] = observation }
    return observation
  }

  private init(_ text: String, arm: String, timed: Bool) throws {
    let files = try ExperimentFiles(["study.json": text])
    let study = try Study(files.resolve(), results: files.path("results"), fresh: true)
    let trial = TrialName(arm: arm, seed: study.specification.seeds[0])
    let worker = try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: trial, jobs: 1, report: { _ in }, shouldStop: { false })
    _ = try worker.run()
    guard let record = try study.record(trial) else { throw MissingRecord() }
    traces[.training] = "\(record.lossCurves) \(record.clipped)"
    traces[.steps] = "\(record.steps) \(record.imagesSeen)"
    traces[.parameters] = "\(record.parameters) \(record.samplingParameters)"
    traces[.data] = record.dataHash
    traces[.marks] = "\(record.metricCurves)"
    traces[.metrics] = "\(record.metrics) \(record.otherWeights)"
    let final = try RunReader(path: study.folder.trial(trial).run).finalSamples()
    traces[.samples] = final.map { "\($0.samples)" } ?? "none"
    traces[.pictures] = try Self.contents(of: study.folder.grids)
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: study.folder.trial(trial).checkpoints)
    traces[.checkpoints] = "\(checkpoints.sorted())"
    traces[.trials] = "\(study.trials)"
    if timed { traces[.timing] = "\(try worker.time().steps)" }
  }

  private struct MissingRecord: Error {}

  private static func contents(of folder: String) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
      return "\(name) \(SHA256.hexadecimalDigest(of: Array(bytes)))"
    }.joined(separator: "\n")
  }
}
