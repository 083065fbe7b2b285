import Foundation
import LineupTestSupport
import Testing

/// No member of an experiment file is for nothing: each is changed in turn, and something measurable must change.
@Suite struct EveryMemberTests {
  /// What is trained and measured stays as it was where a change is about something else.
  @Test(arguments: MemberChange.all) func changesWhatItIsFor(_ change: MemberChange) throws {
    let timed = change.changes.contains(.timing)
    let before = try MemberObservation.of(change.before, arm: change.arm, timed: timed)
    let after = try MemberObservation.of(change.after, arm: change.arm, timed: timed)
    for trace in change.changes {
      #expect(before.traces[trace] != after.traces[trace], "\(change.member) does not change \(trace)")
    }
    guard !change.changes.contains(.training) else { return }
    #expect(before.traces[.training] == after.traces[.training], "\(change.member) changes the training")
  }

  /// A member of the schema without a row here fails, and a row of a member that there is no more.
  @Test func theTableCoversTheSchema() throws {
    let members = try Self.members()
    let described = { (member: String) in
      MemberChange.silent.contains(member)
        || ["/label", "/usesLabels", "/family", "/preset"].contains { member.hasSuffix($0) }
    }
    let covered = Set(MemberChange.all.map(\.member))
    #expect(members.count > 90)
    #expect(members.filter { !covered.contains($0) && !described($0) } == [])
    #expect(covered.subtracting(members) == [])
  }

  /// The pointers of all members in the published schema, an arm called by its family.
  private static func members() throws -> [String] {
    let data = try Data(contentsOf: repositoryRoot.appending(path: "experiments/schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    func definition(_ value: Any?) -> [String: Any]? {
      guard let reference = (value as? [String: Any])?["$ref"] as? String else { return nil }
      return definitions[String(reference.split(separator: "/").last ?? "")]
    }
    func walk(_ object: [String: Any], at path: String) -> [String] {
      let kinds = object["allOf"] as? [[String: Any]] ?? []
      let own = (object["properties"] as? [String: Any] ?? [:]).flatMap { key, value -> [String] in
        if let inner = definition(value) { return walk(inner, at: "\(path)/\(key)") }
        if let inner = definition((value as? [String: Any])?["additionalProperties"]), key == "arms" {
          return walk(inner, at: "\(path)/\(key)")
        }
        return [kinds.isEmpty || path != "/arms" ? "\(path)/\(key)" : nil].compactMap { $0 }
      }
      return own
        + kinds.flatMap { kind -> [String] in
          guard let inner = definition(kind["then"]) else { return [] }
          let tags = (kind["if"] as? [String: Any])?["properties"] as? [String: [String: Any]]
          let variant = tags?.values.first?["const"] as? String ?? ""
          return walk(inner, at: path + (tags?["family"] == nil ? ":" : "/") + variant)
        }
    }
    return Set(walk(try #require(definitions["LineupExperiment"]), at: "")).sorted()
  }
}
