import LineupStrictJSON
import LineupSupport
import OrderedCollections

/// A study can gain seeds, arms and marks; what its trials depend on stays as it is.
extension Study {
  /// Members that change words, or how often a trial saves its state, and no result.
  private static let free: Set<String> = [
    "/$schema", "/question", "/claims", "/search", "/checkpoints/everySteps", "/evaluation/marks",
  ]

  /// The specification of a launched study with what a new one adds to it.
  ///
  /// What both say alike stays as it was stored, so that the trials keep their identity also where a later version of the
  /// program writes more members out.
  static func grown(
    _ earlier: ResolvedSpecification, to wanted: ResolvedSpecification, in folder: StudyFolder
  ) throws -> ResolvedSpecification {
    let pointers = earlier.value.differences(from: wanted.value)
    let oldArms = earlier.value["arms"]?.keys ?? []
    let refused = pointers.filter { pointer in
      let parts = pointer.split(separator: "/").map(String.init)
      if free.contains(pointer) { return false }
      if pointer == "/seeds" {
        return !Set(earlier.specification.seeds).isSubset(of: wanted.specification.seeds)
      }
      guard parts.first == "arms", parts.count > 1 else { return true }
      return parts.count == 2 ? oldArms.contains(parts[1]) : parts[2] != "label"
    }
    guard refused.isEmpty else {
      throw StudyError.differentSpecification(
        path: folder.path, differences: refused.map { words($0, earlier.value, wanted.value) })
    }
    let arms = (wanted.value["arms"]?.keys ?? []).map { name -> (String, JSONValue) in
      let new = wanted.value["arms"]?[name] ?? .null
      guard let old = earlier.stored["arms"]?[name] else { return (name, new) }
      return (name, old.replacing("label", with: new["label"] ?? .null))
    }
    var stored = wanted.value
    for member in ["data", "budget"] { stored = stored.replacing(member, with: earlier.stored[member] ?? .null) }
    let marks = wanted.value["evaluation"]?["marks"] ?? .null
    stored = stored.replacing("evaluation", with: (earlier.stored["evaluation"] ?? [:]).replacing("marks", with: marks))
    stored = stored.replacing("arms", with: .object(.init(uniqueKeysWithValues: arms)))
    return wanted.stored(as: stored)
  }

  /// `/arms/gan/batchSize: 32 then, 64 now`.
  private static func words(_ pointer: String, _ earlier: JSONValue, _ wanted: JSONValue) -> String {
    let path = JSONPointer(pointer.split(separator: "/").map(String.init))
    func text(_ value: JSONValue) -> String {
      let text = value[path].map(\.canonicalText) ?? "nothing"
      return text.count > 60 ? text.prefix(57) + "…" : text
    }
    return "\(pointer): \(text(earlier)) then, \(text(wanted)) now"
  }

  /// Gives the records of an earlier version, which belong to a trial by the whole specification, their trials' identity,
  /// before that specification changes.
  static func identifyRecords(of study: Study) throws {
    for trial in study.trials {
      guard var record = try study.record(trial, reusingRecords: true), record.identity == nil else { continue }
      record.identity = study.resolved.identity(of: trial)
      try JSONFile.write(record, to: study.folder.record(trial), compact: true)
    }
  }
}
