import LineupDatasets
import LineupFamilies
import LineupLearning
import LineupStrictJSON

/// Faults that no member has alone: things that must fit each other.
///
/// Works on a tree that may be faulty itself, so it looks at each value with care and stays silent where the schema has
/// already spoken.
struct CrossChecks {
  private let value: JSONValue
  private let document: JSONDocument
  private let alreadyReported: Set<JSONPointer>

  init(value: JSONValue, document: JSONDocument, alreadyReported: Set<JSONPointer>) {
    self.value = value
    self.document = document
    self.alreadyReported = alreadyReported
  }

  func issues() -> [SchemaIssue] {
    var issues = budgetIssues() + dataIssues() + evaluationIssues()
    for name in value["arms"]?.keys ?? [] { issues += armIssues(name) }
    return issues.filter { !alreadyReported.contains($0.pointer) }
  }

  private func issue(_ pointer: JSONPointer, _ found: String, _ expected: String) -> SchemaIssue {
    SchemaIssue(
      place: document.place(of: pointer), pointer: pointer, found: found, expected: expected)
  }

  // MARK: The study

  private func budgetIssues() -> [SchemaIssue] {
    guard let budget = value["budget"], case .object = budget, budget["flops"] == nil, budget["steps"] == nil else {
      return []
    }
    return [issue(JSONPointer(["budget"]), "no limit", "flops, such as 5e12, or steps")]
  }

  private func dataIssues() -> [SchemaIssue] {
    guard let data = value["data"], let set = dataset else { return [] }
    var issues: [SchemaIssue] = []
    if let folder = set.folder, data["path"] == nil {
      issues.append(issue(JSONPointer(["data"]), "\(set.name) without a path", "data.path, \(folder)"))
    }
    if data["channels"]?.integer == 2 {
      issues.append(issue(JSONPointer(["data", "channels"]), "2 channels", "1 for grey or 3 for colour"))
    }
    if let text = data["background"]?.text, PaperColour(text) == nil {
      issues.append(
        issue(
          JSONPointer(["data", "background"]), JSONValue.quoted(text),
          "a colour such as \"#ffffff\", \"black\" or [0, 0, 0]"))
    }
    for key in ["background", "skipBad"] where data[key] != nil && set.name != Dataset.folder.name {
      issues.append(
        issue(
          JSONPointer(["data", key]), "\(JSONValue.quoted(key)) with \(set.name)", "it with pictures of a folder only"))
    }
    issues += countIssues(data, set)
    guard set.mixture != nil else { return issues }
    for key in ["size", "channels", "path", "allTrain"] where data[key] != nil {
      issues.append(
        issue(
          JSONPointer(["data", key]), "\(JSONValue.quoted(key)) with the points of \(set.name)",
          "it with images only"))
    }
    return issues
  }

  /// Fewer images than measuring needs, and more than there are.
  private func countIssues(_ data: JSONValue, _ set: Dataset) -> [SchemaIssue] {
    guard let images = set.images else { return [] }
    let known = [nil, images.counts?.validation, images.counts?.test]
    return zip(["count", "validationCount", "testCount"], known).compactMap { key, count in
      guard let asked = data[key]?.integer, asked >= 1 else { return nil }
      if asked < DataNeeds.images {
        return issue(
          JSONPointer(["data", key]), "\(asked) image", "at least \(DataNeeds.images), which measuring needs")
      }
      guard let count, !images.isDrawn, asked > count else { return nil }
      return issue(JSONPointer(["data", key]), "\(asked) images", "at most \(count), the images of that part")
    }
  }

  private func evaluationIssues() -> [SchemaIssue] {
    guard let evaluation = value["evaluation"] else { return [] }
    var issues: [SchemaIssue] = []
    func pointer(_ key: String) -> JSONPointer { JSONPointer(["evaluation", key]) }
    for key in ["samples", "interimSamples"] {
      guard let samples = evaluation[key]?.integer else { continue }
      if let neighbours = evaluation["neighbours"]?.integer, neighbours >= samples {
        issues.append(
          issue(pointer("neighbours"), "\(neighbours) neighbours", "fewer than the \(samples) of \(key)"))
      }
      if let columns = evaluation["gridColumns"]?.integer, columns > samples {
        issues.append(
          issue(pointer("gridColumns"), "\(columns) columns", "at most the \(samples) of \(key)"))
      }
    }
    if let samples = evaluation["samples"]?.integer, let split = evaluation["split"]?.text,
      let available = realImages(in: split), samples > available
    {
      issues.append(
        issue(
          pointer("samples"), "\(samples) samples",
          DataNeeds.atMost(available, of: split)))
    }
    return issues
  }

  /// The data set, where it is one of the catalogue.
  private var dataset: Dataset? { value["data"]?["name"]?.text.flatMap(Dataset.named) }

  /// How many images a part of the data has, where that is known without loading it.
  private func realImages(in split: String) -> Int? {
    let (part, key) = split == "test" ? (\ImageSource.Counts.test, "testCount") : (\.validation, "validationCount")
    let asked = value["data"]?[key]?.integer
    guard let images = dataset?.images else { return asked }
    return images.count(part, asked: asked)
  }

  // MARK: Arms

  /// The side of the images, where it is known without loading them.
  private var imageSize: Int? {
    value["data"]?["size"]?.integer ?? dataset?.images?.side
  }

  /// What of an arm does not fit together, or does not fit the data. An arm that the schema has found fault with is not
  /// looked at again.
  private func armIssues(_ name: String) -> [SchemaIssue] {
    let pointer = JSONPointer(["arms", name])
    guard !alreadyReported.contains(where: { $0.tokens.starts(with: pointer.tokens) }),
      let settings = value["arms"]?[name], let family = settings["family"]?.text.flatMap(Family.named), let facts
    else { return [] }
    guard family.dataKinds.contains(facts.kind) else {
      let others = Family.all.filter { $0.dataKinds.contains(facts.kind) }.map(\.name).joined(separator: " or ")
      return [
        issue(
          pointer.appending("family"), "\(family.name) with the \(facts.kind) of \(facts.name)",
          "\(others), or data of \(family.dataKinds[0])")
      ]
    }
    guard let options = try? family.options(settings) else { return [] }
    return family.problems(options, in: facts).map { problem in
      issue(JSONPointer(pointer.tokens + problem.path), problem.found, problem.expected)
    }
  }

  /// What the file says of the data, as far as that is known without loading them.
  private var facts: StudyFacts? {
    guard let set = dataset else { return nil }
    let steps = value["evaluation"]?["samplerSteps"]?.integer ?? Evaluation().samplerSteps
    if set.mixture != nil {
      return StudyFacts(name: set.name, kind: .points, sampleShape: [2], samplerSteps: steps)
    }
    let channels = value["data"]?["channels"]?.integer ?? 1
    return StudyFacts(
      name: set.name, kind: .images, sampleShape: imageSize.map { [$0, $0, channels] }, samplerSteps: steps)
  }
}
