import LineupLearning
import LineupNetworks
import LineupTensors

/// A learner of one number that keeps what the training loop gives it, and reports what a test wants.
struct RecordingLearner: Learner {
  struct Seen: Equatable {
    var progress: Double
    /// The first number of the step's random stream.
    var random: UInt32
    var images: [Float]
  }

  /// One more after each step.
  var weight = Tensor([0], shape: [1])
  var seen: [Seen] = []
  /// The report of the step with a number, counted from 0.
  var report: @Sendable (Int) -> StepReport = { _ in reporting(loss: 1, norm: 1) }

  /// A report of a loss (absent where it is nil) and of a gradient's norm (no update where it is nil).
  static func reporting(loss: Double?, norm: Double?) -> StepReport {
    let update = norm.map { Update(norm: $0, clipped: false, skipped: !$0.isFinite, learningRate: 1) }
    return StepReport(losses: ["loss": .init(loss)], updates: update.map { ["network": $0] } ?? [:], learningRate: 1)
  }

  var lossNames: [String] { ["loss"] }
  var networkNames: [String] { ["network"] }
  var keepsAverage: Bool { false }
  var samplingParameterCount: Int { 1 }

  mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    var random = random
    seen.append(Seen(progress: progress, random: random.nextBits(), images: batch.images.values))
    // The step's work: 4 operations an image.
    _ = matmul(batch.images, Tensor([1, 1], shape: [2, 1]))
    weight = weight + 1
    return report(seen.count - 1)
  }

  func sample(_ request: SampleRequest) -> SampleResult { SampleResult(images: .zeros([request.count, 2])) }

  mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.parameter("weight", &weight) }
}

/// An observer that writes down what happens, and asks to stop where a test wants.
struct RecordingObserver: TrainingObserver {
  typealias L = RecordingLearner

  enum Event: Equatable {
    case step(Int)
    case evaluation(mark: Int, afterSteps: Int)
    case save(afterSteps: Int)
  }

  struct Stop: Error, Equatable { var step: Int }

  var events: [Event] = []
  /// The learner's number when it was evaluated or saved.
  var weights: [Float] = []
  var reports: [StepReport] = []
  var batchSize: @Sendable (Int) -> Int = { _ in 4 }
  /// The step after which to ask to stop, or to throw.
  var stopsAfter: Int?
  var throwsAfter: Int?

  func batch(forStep step: Int) -> Batch {
    Batch(images: Tensor(repeating: Float(step), shape: [batchSize(step), 2]))
  }

  mutating func didStep(
    _ state: TrainingState<RecordingLearner>, number: Int, report: StepReport
  ) throws -> Bool {
    events.append(.step(number))
    reports.append(report)
    if number == throwsAfter { throw Stop(step: number) }
    return number != stopsAfter
  }

  mutating func evaluate(_ state: TrainingState<RecordingLearner>, mark: Int) throws {
    events.append(.evaluation(mark: mark, afterSteps: state.step))
    weights.append(state.learner.weight.scalar)
  }

  mutating func save(_ state: inout TrainingState<RecordingLearner>) throws {
    events.append(.save(afterSteps: state.step))
    weights.append(state.learner.weight.scalar)
  }

  /// What happened besides steps.
  var marksAndSaves: [Event] {
    events.filter { event in
      if case .step = event { false } else { true }
    }
  }
}
