import LineupDatasets
import LineupFamilies
import LineupLearning
import LineupStrictJSON
import LineupSupport

/// What of a study does not fit its data, where only loading them tells.
struct DataFit {
  let specification: Specification
  let data: DatasetSplits

  /// A member of the experiment file, what was found and what was expected.
  struct Problem {
    var pointer: JSONPointer
    var found: String
    var expected: String
  }

  var problems: [Problem] { countProblems + armProblems }

  private var countProblems: [Problem] {
    let evaluation = specification.evaluation
    var problems: [Problem] = []
    if data.train.count < DataNeeds.images {
      problems.append(few(data.train, "the feature space"))
    }
    for (set, use) in [
      (evaluation.split.part(of: data), "the real side of every distance"),
      (evaluation.split.other.part(of: data), "the row of real images against real ones"),
    ] where set.count < DataNeeds.images {
      problems.append(few(set, use))
    }
    let held = evaluation.split.part(of: data).count
    if evaluation.samples > held {
      problems.append(
        Problem(
          pointer: JSONPointer(["evaluation", "samples"]), found: "\(evaluation.samples) samples",
          expected: DataNeeds.atMost(held, of: evaluation.split.rawValue)))
    }
    return problems
  }

  private func few(_ set: ImageSet, _ use: String) -> Problem {
    Problem(
      pointer: JSONPointer(["data"]), found: "\(set.count) images in \(set.name)",
      expected: "at least \(DataNeeds.images), for \(use)")
  }

  private var armProblems: [Problem] {
    let facts = TrialData.images(data).facts(specification)
    return specification.arms.flatMap { arm in
      arm.problems(in: facts).map {
        Problem(pointer: JSONPointer(["arms", arm.name] + $0.path), found: $0.found, expected: $0.expected)
      }
    }
  }
}

/// How many images measuring needs.
enum DataNeeds {
  /// In every part: below it there is neither a covariance nor a principal component.
  static let images = 2

  static func atMost(_ count: Int, of part: String) -> String {
    "at most \(count), the images of the \(part) part, since distances compare equal numbers"
  }
}

extension ResolvedSpecification {
  /// Loads the data, and checks that the study fits them.
  ///
  /// - Throws: everything that is wrong at once, at its place in the experiment file.
  package func loadData() throws(SpecificationError) -> TrialData {
    let data: TrialData
    do {
      data = try TrialData(specification.data)
    } catch {
      let pointer = JSONPointer(specification.data.path == nil ? ["data"] : ["data", "path"])
      throw SpecificationError([issue(pointer, "\(error)", "data that can be used")])
    }
    guard case .images(let splits) = data else { return data }
    let issues = DataFit(specification: specification, data: splits).problems.map {
      issue($0.pointer, $0.found, $0.expected)
    }
    guard issues.isEmpty else { throw SpecificationError(issues) }
    return data
  }

  private func issue(_ pointer: JSONPointer, _ found: String, _ expected: String) -> SpecificationError.Issue {
    SpecificationError.Issue(place: document.place(of: pointer), pointer: pointer, found: found, expected: expected)
  }

  /// Whether only loading tells how many images there are.
  package var dataTellCounts: Bool {
    guard let images = Dataset.named(specification.data.name)?.images else { return false }
    return images.counts == nil
  }
}
