import LineupStrictJSON
import LineupSupport

/// What a study's folder knows of its launches: `study.json`, sealed like every record.
package struct LaunchRecord: Codable, Sendable {
  package var format = "lineup.study"
  package var version = 1
  package var study: String
  /// The profile that was laid over the experiment file; nil for none.
  package var profile: String?
  /// The SHA-256 of every specification that the study was launched with, the newest last.
  package var specifications: [String]

  /// The record of a folder, or nil where an earlier version launched its study.
  static func read(_ folder: StudyFolder) throws(Fault) -> LaunchRecord? {
    Folder.exists(folder.launch) ? try JSONFile.read(LaunchRecord.self, from: folder.launch) : nil
  }

  /// Notes a launch. It comes before the specification itself, so that a power cut leaves one that is known.
  static func write(_ resolved: ResolvedSpecification, to folder: StudyFolder, after earlier: LaunchRecord?)
    throws(Fault)
  {
    var record =
      earlier ?? LaunchRecord(study: resolved.specification.name, profile: resolved.profile, specifications: [])
    record.specifications.removeAll { $0 == resolved.sha256 }
    record.specifications.append(resolved.sha256)
    try JSONFile.write(record, to: folder.launch)
  }

  /// - Throws: where the stored specification is none that the study was launched with.
  func check(_ resolved: ResolvedSpecification, at path: String) throws(Fault) {
    guard specifications.contains(resolved.sha256) else {
      throw Fault(
        .malformed, file: path, found: "a specification with the SHA-256 \(resolved.sha256)",
        expected: specifications.last ?? "one that the study was launched with", cause: "the file is damaged")
    }
  }
}
