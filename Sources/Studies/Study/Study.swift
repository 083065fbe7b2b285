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
      results: results, name: resolved.specification.name, profile: resolved.profileName)
    let data = resolved.dataTellCounts ? try resolved.loadData() : nil
    try Folder.make(folder.path)
    let pinned = PinnedData(folder: folder)
    if fresh {
      for part in Self.results + ["specification.json", "study.json"] { try Folder.remove("\(folder.path)/\(part)") }
    } else if Folder.exists(folder.specification), Folder.exists(folder.runs) {
      let earlier = try Study(opening: folder.path, profile: resolved.profile)
      // What was stored by an earlier state of the program says the same when it is read as it is read today.
      let isSame = earlier.resolved.value.canonicalText == resolved.value.canonicalText
      self.resolved =
        isSame
        ? earlier.resolved.reading(from: resolved.specification.data.path)
        : try Self.grown(earlier.resolved, to: resolved, in: folder)
      if let data { try pinned.check(data, of: resolved.specification.data) }
      try pinned.remember(location: resolved.specification.data.path)
      if isSame { return }
      try Self.identifyRecords(of: earlier)
      try launch(after: try LaunchRecord.read(folder))
      return
    }
    self.resolved = resolved
    try Folder.make(folder.runs)
    if let data { try pinned.freeze(data) }
    try pinned.remember(location: resolved.specification.data.path)
    try launch(after: nil)
  }

  /// Opens a study that was launched before.
  package init(opening path: String) throws { try self.init(opening: path, profile: nil) }

  /// - Parameter profile: what a study that an earlier version launched was made with.
  private init(opening path: String, profile: String?) throws {
    folder = StudyFolder(path: path)
    guard Folder.exists(folder.specification) else { throw StudyError.noStudy(path: path) }
    let launch = try LaunchRecord.read(folder)
    var frozen = try ResolvedSpecification(frozenAt: folder.specification, profile: launch?.profile)
    try launch?.check(frozen, at: folder.specification)
    // Earlier versions knew a profile by the folder's name only.
    let name = URL(fileURLWithPath: path).lastPathComponent
    if launch == nil, frozen.profileName != name { frozen = frozen.with(profile: profile ?? name) }
    resolved = frozen.reading(from: PinnedData(folder: folder).location ?? frozen.specification.data.path)
  }

  /// Writes what the folder is launched with.
  private func launch(after earlier: LaunchRecord?) throws {
    try LaunchRecord.write(resolved, to: folder, after: earlier)
    try DurableFile.write(resolved.text, to: folder.specification)
  }

  package var specification: Specification { resolved.specification }
  /// The profile for people.
  package var profileName: String { resolved.profileName }

  /// Every arm under every seed; seeds run in the outer loop, so that a study stopped half-way has whole comparisons.
  package var trials: [TrialName] {
    specification.seeds.flatMap { seed in specification.arms.map { TrialName(arm: $0.name, seed: seed) } }
  }

  /// The record of a trial that has an outcome under this specification.
  ///
  /// Only a run file with its outcome counts, unless `reusingRecords` lets the compact record stand alone.
  ///
  /// - Throws: where the record is damaged, or belongs to another trial or study.
  package func record(_ trial: TrialName, reusingRecords: Bool = false) throws(Fault) -> TrialRecord? {
    let path = folder.record(trial)
    guard Folder.exists(path) else { return nil }
    let record = try JSONFile.read(TrialRecord.self, from: path)
    let isOwn =
      record.identity.map { $0 == resolved.identity(of: trial) } ?? (record.specificationHash == resolved.sha256)
    guard isOwn, TrialName(arm: record.arm, seed: record.seed) == trial else {
      throw Fault(
        .malformed, file: path,
        found: "a record that belongs to \(record.arm), seed \(record.seed), of \(record.study)",
        expected: "that of \(trial), of this very study")
    }
    if reusingRecords || record.outcome.reason?.hasPrefix("crash") == true { return record }
    let run = folder.trial(trial).run
    guard Folder.exists(run) else { return nil }
    let status = try RunReader(path: run).status()
    guard status == .completed || status == .failed else { return nil }
    return record
  }

  /// The records that there are, in the order of the trials. A published study has no run files, so records suffice.
  ///
  /// - Throws: where one of them is damaged: a study of which a part cannot be read is not told as if it were whole.
  package func records() throws(Fault) -> [TrialRecord] {
    var records: [TrialRecord] = []
    for trial in trials { if let record = try record(trial, reusingRecords: true) { records.append(record) } }
    return records
  }

  /// What is wrong with records, one fault each.
  package func damagedRecords() -> [Fault] {
    trials.compactMap { trial in
      do throws(Fault) {
        _ = try record(trial, reusingRecords: true)
        return nil
      } catch {
        return error
      }
    }
  }
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
