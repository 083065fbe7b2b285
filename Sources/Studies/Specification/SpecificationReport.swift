import LineupStrictJSON

/// The outcome of checking an experiment file, for people and as JSON.
package struct SpecificationReport: Sendable {
  package let path: String
  /// The study under each profile that was checked and found valid; the profile is nil for the file as it stands.
  package let resolved: [ResolvedSpecification]
  /// Everything that is wrong, each fault once.
  package let issues: [SpecificationError.Issue]

  /// Checks one profile, or else the file as it stands and under each of its profiles.
  package init(path: String, profile: String?, settings: [Override]) {
    self.path = path
    var resolved: [ResolvedSpecification] = []
    var issues: [SpecificationError.Issue] = []
    do {
      let file = try SpecificationFile(path: path)
      let profiles: [String?] = [profile] + (profile == nil ? file.profiles : [])
      for profile in profiles {
        do {
          let study = try file.resolve(profile: profile, settings: settings)
          // Profiles that ask for the same data and measure alike fit them alike.
          let isKnown = resolved.contains {
            $0.specification.data == study.specification.data && $0.value["evaluation"] == study.value["evaluation"]
              && $0.specification.arms == study.specification.arms
          }
          if study.dataTellCounts, !isKnown { _ = try study.loadData() }
          resolved.append(study)
        } catch {
          issues += error.issues.filter { !issues.contains($0) }
        }
      }
    } catch {
      issues = error.issues
    }
    self.resolved = resolved
    self.issues = issues
  }

  /// A line for each profile, or a line for each fault.
  package var summary: String {
    if !issues.isEmpty {
      let count = issues.count == 1 ? "1 fault" : "\(issues.count) faults"
      return issues.map(\.description).joined(separator: "\n") + "\n\n\(path): \(count). Nothing was run."
    }
    return resolved.map { study in
      let profile = study.profile.map { ", profile \($0)" } ?? ""
      let arms = study.specification.arms.count
      let seeds = study.specification.seeds.count
      return "\(path)\(profile): valid; \(arms) \(arms == 1 ? "arm" : "arms"), "
        + "\(seeds) \(seeds == 1 ? "seed" : "seeds"), sha256 \(study.sha256)"
        + study.notes.map { "\n  note: \($0)" }.joined()
    }.joined(separator: "\n")
  }

  package var json: JSONValue {
    [
      "file": .string(path), "valid": .boolean(issues.isEmpty),
      "profiles": .array(
        resolved.map { study in
          [
            "profile": study.profile.map(JSONValue.string) ?? .null, "sha256": .string(study.sha256),
            "arms": .array(study.specification.arms.map { .string($0.name) }),
            "seeds": .array(study.specification.seeds.map { .number(.unsigned($0)) }),
          ]
        }),
      "issues": .array(issues.map(\.json)),
    ]
  }
}

extension SpecificationError.Issue {
  fileprivate var json: JSONValue {
    [
      "source": place.map { .string($0.source) } ?? .null,
      "line": place?.line.map { .number(JSONNumber($0)) } ?? .null,
      "column": place?.column.map { .number(JSONNumber($0)) } ?? .null,
      "pointer": .string(pointer.tokens.isEmpty ? "" : pointer.description),
      "found": .string(found), "expected": .string(expected),
      "suggestion": suggestion.map(JSONValue.string) ?? .null,
    ]
  }
}
