import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupStrictJSON
import LineupStudies
import LineupSupport

/// Everything that a report tells of, read from a study's folder: the frozen specification, the records of the trials
/// that have an outcome, the real-against-real row and the timings.
struct StudyResults: Sendable {
  let folder: StudyFolder
  let profile: String
  let specification: Specification
  let specificationHash: String
  /// In the order of the trials.
  let records: [TrialRecord]
  /// Held-out real images measured as if they were samples; empty where nobody measured them.
  let realMetrics: [RecordedMetric]
  /// By arm; only arms whose timing pass was run.
  let timings: [String: ArmTiming]
  /// The metrics that the report knows, as this study's records name them.
  let metrics: [Metric]
  /// The number of principal components that the records were measured on.
  let components: Int
  /// The text that goes with the experiment file, in Markdown, where it is found.
  let notes: String?

  /// - Throws: where a record is damaged.
  init(_ study: Study, metrics: [Metric]) throws {
    folder = study.folder
    profile = study.profileName
    specification = study.specification
    specificationHash = study.resolved.sha256
    records = try study.records()
    realMetrics = try study.realMetrics()
    var timings: [String: ArmTiming] = [:]
    for arm in study.specification.arms {
      timings[arm.name] = try study.timing(of: arm.name)
    }
    self.timings = timings
    // Records know better than the specification, whose number was once not heeded.
    let spaces = (realMetrics + records.flatMap(\.metrics)).lazy.compactMap(\.extractor)
    components =
      spaces.compactMap(FeatureSpace.componentCount).first ?? study.specification.evaluation.components
    self.metrics = metrics.measured(onComponents: components)
    notes = Self.notes(name: study.specification.name, folder: study.folder.path)
  }

  var arms: [Arm] { specification.arms }
  var seeds: [UInt64] { specification.seeds }

  /// What trials have no evaluation of, because they had passed a mark when the study gained it.
  var passedMarks: [String] {
    let wanted = specification.evaluation.marks.filter { $0 < 1 }
    return records.compactMap { record in
      guard let evaluated = record.evaluatedMarks, record.outcome.kind == .completed else { return nil }
      let absent = wanted.filter { !evaluated.contains($0) }
      guard !absent.isEmpty else { return nil }
      let shares = absent.map { NumberText.percent($0) }.joined(separator: ", ")
      return
        "\(record.arm), seed \(record.seed), has no evaluation at \(shares) of its budget: it had passed that mark "
        + "when the study gained it."
    }
  }

  /// Whether samples are points of the plane and not images.
  var isAboutPoints: Bool { Dataset.pointMixture(specification.data.name) != nil }

  /// The one figure that stands for quality where there is room for one only.
  var quality: Metric {
    (isAboutPoints ? Metric.highQualityShare : .frechet).measured(onComponents: components)
  }

  func records(of arm: String) -> [TrialRecord] { records.filter { $0.arm == arm } }

  func record(_ trial: TrialName) -> TrialRecord? {
    records.first { $0.arm == trial.arm && $0.seed == trial.seed }
  }

  /// `experiments/NAME.md` above the study's folder or in the working folder, or a copy in the study's folder itself.
  private static func notes(name: String, folder: String) -> String? {
    var places = ["\(folder)/\(name).md"]
    var ancestor = URL(fileURLWithPath: folder).standardizedFileURL
    while ancestor.path != "/" {
      ancestor.deleteLastPathComponent()
      places.append(ancestor.appendingPathComponent("experiments/\(name).md").path)
    }
    places.append("experiments/\(name).md")
    return places.lazy.compactMap { try? WholeFile.text($0) }.first
  }
}
