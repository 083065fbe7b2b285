import LineupRunRecords
import LineupStrictJSON
import LineupSupport

/// What a look at every byte of a study found: digests, whose a file is, and whether trials reached their budgets.
package struct StudyVerification: Sendable, Codable, Equatable {
  package enum State: String, Sendable, Codable {
    /// It is not what was written, or belongs elsewhere.
    case damaged
    /// It carries no digest, as files of earlier versions and files that are being written.
    case unsealed
    /// A trial that has no outcome yet.
    case unfinished
  }

  package struct Finding: Sendable, Codable, Equatable {
    /// The path below the study's folder.
    package var file: String
    package var state: State
    package var reason: String
  }

  package var folder: String
  /// Files whose digests are right.
  package var whole = 0
  package var findings: [Finding] = []

  package var isDamaged: Bool { findings.contains { $0.state == .damaged } }

  /// Looks at a study.
  ///
  /// - Throws: where there is no study.
  package init(_ path: String) throws {
    folder = path
    let files = StudyFolder(path: path)
    guard Folder.exists(files.specification) else { throw StudyError.noStudy(path: path) }
    let records = Folder.names(in: files.records).sorted().map { "\(files.records)/\($0)" }
    for file in [files.launch, files.summary, files.data] + records where file.hasSuffix(".json") {
      if Folder.exists(file) { look(file) { try JSONFile.seal(of: file) == .whole } }
    }
    do {
      let study = try Study(opening: path)
      if Folder.exists(files.launch) { whole += 1 } else { add(files.specification, .unsealed, Self.noDigest) }
      for trial in study.trials { check(trial, of: study) }
    } catch {
      add(files.specification, .damaged, "\(error)")
    }
  }

  private static let noDigest = "carries no digest"

  private mutating func check(_ trial: TrialName, of study: Study) {
    let (record, folder) = (study.folder.record(trial), study.folder.trial(trial))
    do throws(Fault) {
      if let outcome = try study.record(trial, reusingRecords: true) {
        if let problem = study.specification.budget.problem(outcome) { add(record, .damaged, problem) }
      } else {
        add(record, .unfinished, "no outcome yet")
      }
    } catch {
      add(record, .damaged, "\(error)")
    }
    if Folder.exists(folder.run) { look(folder.run) { try RunDigest.check(folder.run) } }
    let owner = CheckpointIdentity(inputs: study.resolved.identity(of: trial), trial: trial)
    let store = CheckpointStore(folder: folder.checkpoints)
    for step in store.steps() {
      look(store.path(step)) { try owner.check(store.path(step), step: step, acceptingUnsealed: true) }
    }
    if Folder.exists(folder.deaths) { look(folder.deaths) { try JSONFile.seal(of: folder.deaths) == .whole } }
    if Folder.exists(folder.log) { look(folder.log) { try TrialLog.check(folder.log) } }
  }

  private mutating func look(_ file: String, _ isSealed: () throws -> Bool) {
    do {
      if try isSealed() { whole += 1 } else { add(file, .unsealed, Self.noDigest) }
    } catch {
      add(file, .damaged, "\(error)")
    }
  }

  private mutating func add(_ file: String, _ state: State, _ reason: String) {
    let finding = Finding(
      file: file.hasPrefix(folder + "/") ? String(file.dropFirst(folder.count + 1)) : file, state: state, reason: reason
    )
    if !findings.contains(where: { $0.file == finding.file && $0.state == state }) { findings.append(finding) }
  }

  /// A line for each finding, and what it comes to.
  package var text: String {
    let lines = findings.map { "\($0.file): \($0.state == .unsealed ? "" : "\($0.state.rawValue): ")\($0.reason)" }
    let damaged = findings.count { $0.state == .damaged }
    return (lines + ["\(whole) files are whole, \(damaged) damaged"]).joined(separator: "\n")
  }
}

extension Budget {
  /// What is wrong with a completed trial that did not use its budget up.
  fileprivate func problem(_ record: TrialRecord) -> String? {
    guard record.outcome.kind == .completed else { return nil }
    let isReached = flops.map { Double(record.flops) >= $0 } ?? false
    let isCounted = steps.map { record.steps >= $0 } ?? false
    return isReached || isCounted
      ? nil : "it completed after \(record.steps) steps and \(record.flops) operations, short of the budget"
  }
}
