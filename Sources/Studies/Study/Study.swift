import Foundation
import LineupDatasets
import LineupFormats
import LineupRunRecords
import LineupStrictJSON
import LineupSupport
import OrderedCollections

/// A study at launch: its frozen specification, its folder and its trials.
package struct Study: Sendable {
  package let folder: StudyFolder
  package let resolved: ResolvedSpecification

  /// The parts of a study's folder that belong to its results.
  private static let results = [
    "runs", "trials", "grids", "figures", "report.html", "summary.csv", "summary.json", "data.json",
  ]

  /// Prepares a study's folder: freezes the specification, or checks that the folder holds results of this very one.
  ///
  /// - Parameters:
  ///   - results: the parent of all results.
  ///   - fresh: whether to delete what the folder holds and start anew.
  package init(_ resolved: ResolvedSpecification, results: String, fresh: Bool) throws {
    folder = StudyFolder(
      results: results, name: resolved.specification.name, profile: resolved.profile ?? "default")
    let data = resolved.dataTellCounts ? try resolved.loadData() : nil
    try Folder.make(folder.path)
    let pinned = PinnedData(folder: folder)
    if fresh {
      for part in Self.results + ["specification.json"] { try Folder.remove("\(folder.path)/\(part)") }
    } else if Folder.exists(folder.specification), Folder.exists(folder.runs) {
      // What was stored by an earlier state of the program says the same when it is read as it is read today.
      let earlier = try ResolvedSpecification(frozenAt: folder.specification)
      guard earlier.value.canonicalText == resolved.value.canonicalText else {
        let keys = earlier.value.differences(from: resolved.value)
        throw StudyError.differentSpecification(path: folder.path, keys: keys)
      }
      if let data { try pinned.check(data, of: resolved.specification.data) }
      try pinned.remember(location: resolved.specification.data.path)
      self.resolved = earlier.reading(from: resolved.specification.data.path)
      return
    }
    self.resolved = resolved
    try Folder.make(folder.runs)
    if let data { try pinned.freeze(data) }
    try pinned.remember(location: resolved.specification.data.path)
    try DurableFile.write(resolved.text, to: folder.specification)
  }

  /// Opens a study that was launched before.
  package init(opening path: String) throws {
    folder = StudyFolder(path: path)
    guard Folder.exists(folder.specification) else { throw StudyError.noStudy(path: path) }
    let frozen = try ResolvedSpecification(frozenAt: folder.specification)
    resolved = frozen.reading(from: PinnedData(folder: folder).location ?? frozen.specification.data.path)
  }

  package var specification: Specification { resolved.specification }
  /// The profile, which is the folder's own name.
  package var profile: String { URL(fileURLWithPath: folder.path).lastPathComponent }

  /// Every arm under every seed; seeds run in the outer loop, so that a study stopped half-way has whole comparisons.
  package var trials: [TrialName] {
    specification.seeds.flatMap { seed in specification.arms.map { TrialName(arm: $0.name, seed: seed) } }
  }

  /// The record of a trial that has an outcome under this specification.
  ///
  /// Only a run file with its outcome counts, unless `reusingRecords` lets the compact record stand alone.
  package func record(_ trial: TrialName, reusingRecords: Bool = false) -> TrialRecord? {
    guard let record = try? JSONFile.read(TrialRecord.self, from: folder.record(trial)),
      record.specificationHash == resolved.sha256
    else { return nil }
    if reusingRecords || record.outcome.reason?.hasPrefix("crash") == true { return record }
    guard let status = try? RunReader(path: folder.trial(trial).run).status(),
      status == .completed || status == .failed
    else { return nil }
    return record
  }

  /// The records that there are, in the order of the trials. A published study has no run files, so records suffice.
  package func records() -> [TrialRecord] { trials.compactMap { record($0, reusingRecords: true) } }
}

extension JSONValue {
  /// The pointers at which two values differ, at most a few dozen.
  func differences(from other: JSONValue, at pointer: String = "") -> [String] {
    if self == other { return [] }
    if case .object(let mine) = self, case .object(let theirs) = other {
      let keys = Array(mine.keys) + theirs.keys.filter { mine[$0] == nil }
      return keys.flatMap { key -> [String] in
        guard let left = mine[key], let right = theirs[key] else { return ["\(pointer)/\(key)"] }
        return left.differences(from: right, at: "\(pointer)/\(key)")
      }
    }
    return [pointer.isEmpty ? "/" : pointer]
  }
}
