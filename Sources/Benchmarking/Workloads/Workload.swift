import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// A network with all that its training step and its sampling need, to be repeated and timed.
protocol Workload {
  /// The network or networks as one module, for their weights.
  associatedtype Network: Module
  var network: Network { get set }
  /// How names and layouts of its tensors are turned for files.
  var names: DiffusersNames { get }
  /// The images of a batch.
  var batch: Int { get }

  /// Updates the network once. With `recordsDetails`, output and gradients are kept.
  mutating func step(recordsDetails: Bool) -> StepDetails
  /// A batch of new samples.
  func sample() -> Tensor
}

/// What became of a training step.
struct StepDetails {
  /// By the name that they get in a dump.
  var losses: [(name: String, value: Float)]
  /// The output of the forward pass, where it was asked for.
  var output: Tensor?
  /// The gradients by the names of the walk, where they were asked for.
  var gradients: [NamedTensor] = []
}

extension Gradients {
  /// With the names that the parameters have in a module's walk.
  func named(as module: some Module, prefix: String = "") -> [NamedTensor] {
    zip(module.parameters, tensors).map { NamedTensor(name: prefix + $0.name, value: $1) }
  }
}

/// The optimizer of all measured steps.
enum StepOptimizer {
  static let learningRate: Float = 1e-4

  static func adam(for module: some Module) -> Adam { Adam(for: module, beta1: 0.9, beta2: 0.999, epsilon: 1e-8) }
}
