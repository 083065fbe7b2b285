import LineupDatasets
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

  func issues() -> [SpecificationError.Issue] {
    var issues = budgetIssues() + dataIssues() + evaluationIssues()
    for name in value["arms"]?.keys ?? [] {
      guard let arm = value["arms"]?[name], case .object = arm else { continue }
      let pointer = JSONPointer(["arms", name])
      issues += fitIssues(arm, pointer)
      switch arm["family"]?.text {
      case "pixelDiffusion": issues += networkIssues(arm["network"], pointer.appending("network"))
      case "latentDiffusion": issues += latentIssues(arm, pointer)
      default: break
      }
      issues += samplerIssues(arm, pointer)
    }
    return issues.filter { !alreadyReported.contains($0.pointer) }
  }

  private func issue(_ pointer: JSONPointer, _ found: String, _ expected: String) -> SpecificationError.Issue {
    SpecificationError.Issue(
      place: document.place(of: pointer), pointer: pointer, found: found, expected: expected)
  }

  // MARK: The study

  private func budgetIssues() -> [SpecificationError.Issue] {
    guard let budget = value["budget"], case .object = budget, budget["flops"] == nil, budget["steps"] == nil else {
      return []
    }
    return [issue(JSONPointer(["budget"]), "no limit", "flops, such as 5e12, or steps")]
  }

  private func dataIssues() -> [SpecificationError.Issue] {
    guard let data = value["data"], let set = dataset else { return [] }
    var issues: [SpecificationError.Issue] = []
    if let folder = set.folder, data["path"] == nil {
      issues.append(issue(JSONPointer(["data"]), "\(set.name) without a path", "data.path, \(folder)"))
    }
    if data["channels"]?.integer == 2 {
      issues.append(issue(JSONPointer(["data", "channels"]), "2 channels", "1 for grey or 3 for colour"))
    }
    guard set.mixture != nil else { return issues }
    for key in ["size", "channels", "path", "allTrain"] where data[key] != nil {
      issues.append(
        issue(
          JSONPointer(["data", key]), "\(JSONValue.quoted(key)) with the points of \(set.name)",
          "it with images only"))
    }
    return issues
  }

  private func evaluationIssues() -> [SpecificationError.Issue] {
    guard let evaluation = value["evaluation"] else { return [] }
    var issues: [SpecificationError.Issue] = []
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
          "at most \(available), the images of the \(split) part, since distances compare equal numbers"))
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

  /// Whether the family can learn this data at its size.
  private func fitIssues(_ arm: JSONValue, _ pointer: JSONPointer) -> [SpecificationError.Issue] {
    guard let family = arm["family"]?.text else { return [] }
    if let set = dataset, set.mixture != nil {
      return family == "adversarial"
        ? []
        : [
          issue(
            pointer.appending("family"), "\(family) with the points of \(set.name)", "adversarial, or data of images")
        ]
    }
    let divisor: Int
    switch family {
    case "adversarial", "variational": divisor = 4
    case "pixelDiffusion":
      guard let patch = arm["network"]?["patch"]?.integer, let levels = arm["network"]?["channels"]?.elements?.count,
        (1...16).contains(patch), (1...8).contains(levels)
      else { return [] }
      divisor = patch << (levels - 1)
    default: return []
    }
    guard let size = imageSize, size % divisor != 0 else { return [] }
    let culprit = family == "pixelDiffusion" ? pointer.appending("network") : pointer.appending("family")
    return [
      issue(
        culprit, "a network for sides that are multiples of \(divisor), and images of \(size)×\(size)",
        "data.size to be a multiple of \(divisor), or another network")
    ]
  }

  private func networkIssues(_ network: JSONValue?, _ pointer: JSONPointer) -> [SpecificationError.Issue] {
    widthIssues(network, pointer, divisors: ["groups"])
  }

  private func latentIssues(_ arm: JSONValue, _ pointer: JSONPointer) -> [SpecificationError.Issue] {
    var issues = widthIssues(arm["autoencoder"], pointer.appending("autoencoder"), divisors: ["groups"])
    issues += widthIssues(arm["unet"], pointer.appending("unet"), divisors: ["groups", "heads"])
    if let width = arm["text"]?["width"]?.integer, let heads = arm["text"]?["heads"]?.integer, heads > 0,
      width % heads != 0
    {
      issues.append(
        issue(
          pointer.appending("text").appending("heads"), "\(heads) heads of a width of \(width)",
          "a number that divides the width"))
    }
    return issues
  }

  /// Every width must be a multiple of each of the named members.
  private func widthIssues(
    _ network: JSONValue?, _ pointer: JSONPointer, divisors: [String]
  ) -> [SpecificationError.Issue] {
    var issues: [SpecificationError.Issue] = []
    for key in divisors {
      guard let divisor = network?[key]?.integer, divisor > 0 else { continue }
      let widths = (network?["channels"]?.elements ?? []).compactMap(\.integer)
      if let width = widths.first(where: { $0 % divisor != 0 }) {
        issues.append(
          issue(
            pointer.appending(key), "\(divisor) \(key) with a width of \(width)", "a number that divides every width"))
      }
    }
    return issues
  }

  private func samplerIssues(_ arm: JSONValue, _ pointer: JSONPointer) -> [SpecificationError.Issue] {
    guard let timesteps = arm["timesteps"]?.integer else { return [] }
    let own = pointer.appending("sampler").appending("steps")
    if let steps = arm["sampler"]?["steps"]?.integer {
      return steps <= timesteps
        ? [] : [issue(own, "\(steps) steps of \(timesteps) timesteps", "at most the arm's timesteps")]
    }
    guard arm["sampler"]?["name"]?.text == "ddim", let steps = value["evaluation"]?["samplerSteps"]?.integer,
      steps > timesteps
    else { return [] }
    return [
      issue(
        pointer.appending("timesteps"), "\(timesteps) timesteps and \(steps) evaluation.samplerSteps",
        "at least as many timesteps, or sampler.steps of its own")
    ]
  }
}
