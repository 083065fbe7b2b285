import Foundation
import LineupDatasets
import LineupFormats
import LineupStrictJSON
import LineupSupport
import OrderedCollections

/// A specification as it is frozen at launch: every default written out, and the hash by which a study is resumed.
package struct ResolvedSpecification: Sendable {
  package private(set) var specification: Specification
  /// The profile that was laid over the file.
  package let profile: String?
  package let value: JSONValue
  /// What was read and changes nothing any more, or is not obeyed on these data, each in a sentence.
  package let notes: [String]
  /// What the study's folder keeps: the value, or what an earlier version of the program wrote of it.
  let stored: JSONValue

  /// The profile for people, and the name of its folder.
  package var profileName: String { profile ?? "default" }

  /// Where the members stand in files.
  let document: JSONDocument

  /// The file of a study's folder: a complete experiment file in the order of the schema.
  package var text: String { stored.indentedText }

  /// The SHA-256 of the canonical text, in hexadecimal. It depends on what the specification says, defaults included,
  /// and neither on the order of members nor on how numbers are written. A study's own is that of the text which was
  /// stored at its launch, so it outlives members that come or go.
  package let sha256: String

  init(
    _ specification: Specification, profile: String?, value: JSONValue, document: JSONDocument, notes: [String],
    stored: JSONValue? = nil
  ) {
    (self.specification, self.profile, self.value, self.notes) = (specification, profile, value, notes)
    self.document = document
    self.stored = stored ?? value
    sha256 = SHA256.hexadecimalDigest(of: Array(self.stored.canonicalText.utf8))
  }

  /// Reads the specification that a study's folder keeps.
  ///
  /// - Parameter profile: the one that it was made with, which the file does not say.
  package init(frozenAt path: String, profile: String? = nil) throws(SpecificationError) {
    let file = try SpecificationFile(path: path)
    let resolved = try file.resolve()
    self.init(
      resolved.specification, profile: profile, value: resolved.value, document: resolved.document,
      notes: resolved.notes, stored: file.document.value)
    // Paths are kept as they were written, and this is not the file that they were written in.
    specification.data.path = value["data"]?["path"]?.text
  }

  /// The same study with its data files in another place.
  func reading(from path: String?) -> Self {
    var moved = self
    moved.specification.data.path = path
    return moved
  }

  /// The same specification, known to be made with a profile.
  func with(profile: String) -> ResolvedSpecification {
    ResolvedSpecification(
      specification, profile: profile, value: value, document: document, notes: notes, stored: stored)
  }

  /// The same specification, kept in other words.
  func stored(as stored: JSONValue) -> ResolvedSpecification {
    ResolvedSpecification(
      specification, profile: profile, value: value, document: document, notes: notes, stored: stored)
  }
}

/// An experiment file with all that it extends, read but not yet checked against the schema.
///
/// Precedence, from weakest to strongest: the extended file, the file, its profile, the settings of the command line.
/// Each is laid over what came before as RFC 7396 has it.
package struct SpecificationFile: Sendable {
  package let path: String
  fileprivate var document: JSONDocument
  private var issues: [SpecificationError.Issue]

  /// Reads the file and every file it extends.
  ///
  /// Throws where nothing can be read at all; names written twice are kept for ``resolve(profile:settings:)``.
  package init(path: String) throws(SpecificationError) {
    self.path = path
    (document, issues) = try Self.read(path, extendedFrom: [])
  }

  /// The names of the file's profiles, in its order.
  package var profiles: [String] { document.value["profiles"]?.keys ?? [] }

  /// The whole specification with one profile and the settings laid over it.
  ///
  /// Throws everything that is wrong at once.
  package func resolve(
    profile: String? = nil, settings: [Override] = []
  ) throws(SpecificationError) -> ResolvedSpecification {
    var document = document
    var issues = issues + profileIssues(selecting: profile)
    issues += document.controlCharacterIssues
    issues += settings.flatMap(\.document.controlCharacterIssues)
    if let profile, let patch = document.part(at: JSONPointer(["profiles", profile])), case .object = patch.value {
      document.apply(patch)
    }
    for setting in settings { document.apply(setting.document) }

    let notes = withoutIgnoredMembers(&document)
    var reader = SchemaReader(document)
    var value = reader.read(as: .record(SpecificationSchema.file))
    issues += reader.issues
    let checks = CrossChecks(value: value, document: document, alreadyReported: Set(reader.issues.map(\.pointer)))
    issues += checks.issues()
    guard issues.isEmpty else { throw SpecificationError(issues.uniqued().sortedByPlace()) }

    value = value.patched(
      with: .object(.init(uniqueKeysWithValues: SpecificationSchema.topOnly.map { ($0, .null) })))
    do {
      var specification = try Specification(value)
      specification.data.path = specification.data.path.map { Self.location($0, writtenIn: document) }
      let unobeyed = specification.unobeyedSettings(channels: value["data"]?["channels"]?.integer)
      return ResolvedSpecification(
        specification, profile: profile, value: value, document: document, notes: notes + unobeyed)
    } catch {
      preconditionFailure("what the schema lets pass must decode: \(error)")
    }
  }

  /// Takes members out that older files have and that change nothing any more; one note names all of them.
  private func withoutIgnoredMembers(_ document: inout JSONDocument) -> [String] {
    let arms = document.value["arms"] ?? [:]
    let named = arms.keys.filter {
      if case .boolean? = arms[$0]?[Arm.ignoredMember] { true } else { false }
    }
    guard !named.isEmpty else { return [] }
    let patch = JSONValue.object(.init(uniqueKeysWithValues: named.map { ($0, [Arm.ignoredMember: .null]) }))
    document.value = document.value.patched(with: ["arms": patch])
    return [
      "\(named.map { "/arms/\($0)/\(Arm.ignoredMember)" }.joined(separator: ", ")): read and ignored; tables mark what an "
        + "arm's learner is told"
    ]
  }

  /// A profile that is not there, and members that a profile cannot have.
  private func profileIssues(selecting profile: String?) -> [SpecificationError.Issue] {
    var issues: [SpecificationError.Issue] = []
    if let profile, !profiles.contains(profile) {
      issues.append(
        SpecificationError.Issue(
          place: Place(source: path), found: "no profile \(JSONValue.quoted(profile))",
          expected: profiles.isEmpty
            ? "no --profile, since the file has none" : "one of " + profiles.joined(separator: ", "),
          suggestion: nearestName(to: profile, among: profiles).map { JSONValue.quoted($0) }))
    }
    for name in profiles {
      for key in SpecificationSchema.topOnly.sorted() where document.value["profiles"]?[name]?[key] != nil {
        let pointer = JSONPointer(["profiles", name, key])
        issues.append(
          SpecificationError.Issue(
            place: document.place(of: pointer), pointer: pointer,
            found: "\(JSONValue.quoted(key)) inside a profile", expected: "it at the top of the file only"))
      }
    }
    return issues
  }

  // MARK: Reading

  private static func read(
    _ path: String, extendedFrom chain: [String]
  ) throws(SpecificationError) -> (JSONDocument, [SpecificationError.Issue]) {
    let (own, duplicates) = try parse(path)
    var issues = duplicates.map(\.issue)
    guard let base = own.value["extends"]?.text else {
      // Laid over nothing, so that a null means the same in a file that extends none.
      return (layer(own, over: JSONDocument(value: .null)), issues)
    }

    let place = own.place(of: JSONPointer(["extends"]))
    let basePath = resolve(base, besides: path)
    let chain = chain + [path]
    if let start = chain.firstIndex(where: { isSameFile($0, basePath) }) {
      throw SpecificationError([
        SpecificationError.Issue(
          place: place, pointer: JSONPointer(["extends"]),
          found: "a circle: " + (chain[start...] + [basePath]).joined(separator: " extends "),
          expected: "files that do not extend one another")
      ])
    }
    if access(basePath, F_OK) != 0 {
      throw SpecificationError([
        SpecificationError.Issue(
          place: place, pointer: JSONPointer(["extends"]), found: "no file \(basePath)",
          expected: "the path of an experiment file, relative to this one")
      ])
    }
    let (lower, lowerIssues) = try read(basePath, extendedFrom: chain)
    issues += lowerIssues
    return (layer(own, over: lower), issues)
  }

  /// One file over another. Profiles are patches themselves, so the nulls inside them stay until one is chosen.
  private static func layer(_ upper: JSONDocument, over lower: JSONDocument) -> JSONDocument {
    var document = lower
    document.apply(upper)
    guard case .object = document.value, let changes = upper.value["profiles"], case .object = changes else {
      return document
    }
    var profiles = lower.value["profiles"] ?? [:]
    for name in changes.keys {
      guard let change = changes[name] else { continue }
      let patch = change == .null ? change : (profiles[name] ?? [:]).patched(with: change, keepingNulls: true)
      profiles = profiles.replacing(name, with: patch)
    }
    document.value = document.value.replacing("profiles", with: profiles)
    return document
  }

  private static func parse(_ path: String) throws(SpecificationError) -> (JSONDocument, [JSONParser.Duplicate]) {
    func failure(_ found: String, _ expected: String) -> SpecificationError {
      SpecificationError([SpecificationError.Issue(place: Place(source: path), found: found, expected: expected)])
    }
    let content: [UInt8]
    do {
      content = try WholeFile.read(path)
    } catch {
      if error.kind == .missing {
        throw failure("no such file", "the path of an experiment file; those of the harness are in experiments/")
      }
      throw error.found.map { failure($0, "the path of an experiment file") }
        ?? failure("a file that cannot be read", "one that you may read (see its permissions)")
    }
    do {
      let (document, duplicates) = try JSONParser.parse(content, source: path)
      return (document, duplicates)
    } catch {
      throw SpecificationError(error)
    }
  }

  /// Where the files of the data are: a path in a file is relative to that file, one of the command line to the folder in
  /// which it is typed.
  private static func location(_ path: String, writtenIn document: JSONDocument) -> String {
    let source = document.place(of: JSONPointer(["data", "path"]))?.source ?? ""
    let place = source.hasPrefix(Override.source) ? path : resolve(path, besides: source)
    return URL(fileURLWithPath: place).standardizedFileURL.path
  }

  private static func resolve(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }

  private static func isSameFile(_ left: String, _ right: String) -> Bool {
    URL(fileURLWithPath: left).resolvingSymlinksInPath().standardizedFileURL
      == URL(fileURLWithPath: right).resolvingSymlinksInPath().standardizedFileURL
  }
}

extension [SpecificationError.Issue] {
  fileprivate func uniqued() -> Self {
    var seen: Set<SpecificationError.Issue> = []
    return filter { seen.insert($0).inserted }
  }

  /// Files in the order of first mention, lines upwards, so that a reader can mend a file from top to bottom.
  fileprivate func sortedByPlace() -> Self {
    var order: [String] = []
    for issue in self {
      let source = issue.place?.source ?? ""
      if !order.contains(source) { order.append(source) }
    }
    return enumerated().sorted { left, right in
      func key(_ item: (offset: Int, element: SpecificationError.Issue)) -> [Int] {
        let place = item.element.place
        return [order.firstIndex(of: place?.source ?? "") ?? 0, place?.line ?? 0, place?.column ?? 0, item.offset]
      }
      return key(left).lexicographicallyPrecedes(key(right))
    }.map(\.element)
  }
}
