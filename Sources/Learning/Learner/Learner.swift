import LineupNetworks
import LineupTensors

/// What one training step sees.
public struct Batch: Sendable {
  /// `[batch, height, width, channels]` in [−1, 1]; for point sets `[batch, 2]`.
  public var images: Tensor
  /// The class of each image, or −1 where there is none.
  public var labels: [Int32]
  /// A caption for each image, or nothing at all.
  public var captions: [String]

  /// A batch; labels and captions are one an image or none.
  public init(images: Tensor, labels: [Int32] = [], captions: [String] = []) {
    self.images = images
    self.labels = labels
    self.captions = captions
  }

  /// The number of images.
  public var count: Int { images.shape[0] }
}

/// Which of a learner's weights make samples.
public enum WeightChoice: String, Sendable, CaseIterable, Codable {
  /// As they were trained.
  case raw
  /// Their exponential moving average, where the learner keeps one.
  case average
}

/// What samples are wanted.
public struct SampleRequest: Sendable {
  /// How many samples.
  public var count: Int
  /// Sample `i` of the request depends on `random.split(firstIndex + i)` alone, so that any one can be made again and
  /// samples can be drawn in batches of any size.
  public var random: RandomStream
  /// The number of the first sample.
  public var firstIndex: Int
  /// Which weights make them.
  public var weights: WeightChoice
  /// Conditions, one a sample, for families that use them.
  public var captions: [String]
  /// Classes, one a sample, for families that use them.
  public var labels: [Int32]
  /// Classifier-free guidance; 1 is none.
  public var guidance: Float
  /// The number of sampler steps and the sampler's name; `nil` takes the learner's own.
  public var steps: Int?
  /// The sampler's name; `nil` takes the learner's own.
  public var sampler: String?
  /// Keep the states on the way, for film strips.
  public var keepsTrajectory: Bool

  /// A request; sample `i` of it has the stream `random.split(firstIndex + i)`.
  public init(
    count: Int, random: RandomStream, firstIndex: Int = 0, weights: WeightChoice = .average, captions: [String] = [],
    labels: [Int32] = [], guidance: Float = 1, steps: Int? = nil, sampler: String? = nil,
    keepsTrajectory: Bool = false
  ) {
    self.count = count
    self.random = random
    self.firstIndex = firstIndex
    self.weights = weights
    self.captions = captions
    self.labels = labels
    self.guidance = guidance
    self.steps = steps
    self.sampler = sampler
    self.keepsTrajectory = keepsTrajectory
  }

  /// The stream of each sample.
  public var streams: [RandomStream] { (0..<count).map { random.split(firstIndex + $0) } }

  /// Standard normal numbers of shape `[count] + sampleShape`, each sample's from its own stream.
  public func normal(_ sampleShape: [Int]) -> Tensor {
    let size = sampleShape.reduce(1, *)
    return Tensor(shape: [count] + sampleShape) { out in
      for (index, var stream) in streams.enumerated() {
        for element in index * size..<(index + 1) * size { out[element] = stream.normal() }
      }
    }
  }
}

/// The samples, `[count, height, width, channels]` in about [−1, 1], and the states on the way if they were wanted.
public struct SampleResult: Sendable {
  /// `[count, height, width, channels]`, or `[count, 2]` for points.
  public var images: Tensor
  /// The states on the way, each of the images' shape; empty where they were not wanted.
  public var trajectory: [Tensor]

  /// Samples, and the states on the way.
  public init(images: Tensor, trajectory: [Tensor] = []) {
    self.images = images
    self.trajectory = trajectory
  }
}

/// What a model can be told about an image.
public enum ConditionKind: String, Sendable, CaseIterable, Codable {
  /// A caption.
  case text
  /// A class label.
  case `class`
}

/// A part of the budget in which certain networks learn.
public struct TrainingStage: Sendable, Hashable {
  /// The stage's name.
  public var name: String
  /// The share of the budget at which it begins.
  public var start: Double

  /// A stage that begins at a share of the budget.
  public init(name: String, start: Double) { (self.name, self.start) = (name, start) }
}

/// One family of generative models as the training loop sees it.
///
/// Its walk shows everything it is: networks, optimizer moments, averages and counters. So a checkpoint is one walk, and a
/// resumed learner equals one that never stopped.
public protocol Learner: Module {
  /// The names of the losses that every `step` reports, in the order of series and figures. They never change.
  var lossNames: [String] { get }
  /// The names of the networks that `step` updates.
  var networkNames: [String] { get }
  /// Whether a moving average of the weights is kept beside the raw ones.
  var keepsAverage: Bool { get }
  /// What it is told about images beside the images themselves, in training or in sampling.
  var conditions: [ConditionKind] { get }
  /// The parts of the budget in which different networks learn, in order; the first begins at 0.
  var stages: [TrainingStage] { get }
  /// The number of trainable numbers used to make samples.
  var samplingParameterCount: Int { get }

  /// One training step. `progress` is the share of the budget used so far, in [0, 1); `random` belongs to this step alone.
  mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport

  /// Why a request cannot be fulfilled, in a sentence; nil where it can.
  func obstacle(to request: SampleRequest) -> String?

  /// New samples, for a request without an obstacle. It changes nothing.
  func sample(_ request: SampleRequest) -> SampleResult

  /// What the learner makes of given images, where it has an encoder: reconstructions of the same shape.
  func reconstruct(_ images: Tensor) -> Tensor?
}

extension Learner {
  /// Nothing, for learners that see images alone.
  public var conditions: [ConditionKind] { [] }
  /// One stage over the whole budget.
  public var stages: [TrainingStage] { [TrainingStage(name: "training", start: 0)] }
  /// For learners that draw in one go, any choice of steps or sampler.
  public func obstacle(to request: SampleRequest) -> String? {
    request.steps == nil && request.sampler == nil
      ? nil : "this arm draws its samples in one go: it has no sampler and no steps to choose"
  }

  /// Nothing, for learners without an encoder.
  public func reconstruct(_ images: Tensor) -> Tensor? { nil }
}
