import LineupDatasets
import LineupFormats
import LineupLearning
import LineupSupport
import LineupTensors

/// The data of a trial as training sees it: a pure function of the specification and the seed.
package enum TrialData: Sendable {
  case images(DatasetSplits)
  case points(PointMixture)

  /// Loads what the specification asks for.
  package init(_ request: DataRequest) throws(Fault) {
    if let mixture = Dataset.pointMixture(request.name) {
      self = .points(mixture)
    } else {
      self = .images(try Dataset.load(request))
    }
  }

  /// The shape of one sample: `[height, width, channels]`, or `[2]` for points.
  package var sampleShape: [Int] {
    switch self {
    case .images(let splits): [splits.train.height, splits.train.width, splits.train.channels]
    case .points: [2]
    }
  }

  /// What a family is told of the data and the study.
  func context(_ specification: Specification, random: RandomStream) -> LearnerContext {
    let facts = facts(specification)
    guard case .images(let splits) = self else { return LearnerContext(facts: facts, random: random) }
    return LearnerContext(facts: facts, captions: Array(Set(splits.train.captions)).sorted(), random: random)
  }

  /// Everything that settings must fit.
  func facts(_ specification: Specification) -> StudyFacts {
    var facts = StudyFacts(
      name: specification.data.name, kind: .points, sampleShape: sampleShape, hasCaptions: false,
      samplerSteps: specification.evaluation.samplerSteps)
    guard case .images(let splits) = self else { return facts }
    (facts.kind, facts.hasCaptions) = (.images, splits.train.captions.contains { !$0.isEmpty })
    facts.classCount = splits.train.labels.contains(-1) ? 0 : splits.train.classNames.count
    return facts
  }

  /// The hash that names the data in records.
  package var hash: String {
    switch self {
    case .images(let splits): splits.contentHash()
    case .points(let mixture): mixture.name
    }
  }
}

/// Batches by the number of the step. The order depends on the seed alone, not on the arm.
struct BatchSource: Sendable {
  private let data: TrialData
  private let batchSize: Int
  private let random: RandomStream
  private let order: BatchOrder?

  init(_ data: TrialData, batchSize: Int, random: RandomStream) {
    self.data = data
    self.batchSize = batchSize
    self.random = random.split("data")
    if case .images(let splits) = data {
      order = BatchOrder(count: splits.train.count, batchSize: batchSize, random: self.random)
    } else {
      order = nil
    }
  }

  func batch(forStep step: Int) -> Batch {
    switch data {
    case .images(let splits):
      let indices = order?.indices(forStep: step) ?? []
      let set = splits.train
      return Batch(
        images: Tensor(set.floats(indices), shape: [indices.count, set.height, set.width, set.channels]),
        labels: indices.map { set.labels[$0] }, captions: set.captions.isEmpty ? [] : indices.map { set.captions[$0] })
    case .points(let mixture):
      let points = mixture.points(count: batchSize, random: random.split(step))
      return Batch(images: Tensor(points.points, shape: [batchSize, 2]), labels: points.labels)
    }
  }
}
