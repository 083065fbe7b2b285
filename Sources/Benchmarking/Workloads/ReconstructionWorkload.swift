import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// A network whose output has the shape of its main input.
protocol ReconstructingNetwork: Module {
  func output(of inputs: BenchmarkInputs) -> Tensor
  /// New samples begun from the main input.
  func samples(from inputs: BenchmarkInputs) -> Tensor
}

/// A training step by the mean squared error between output and main input.
struct ReconstructionWorkload<Network: ReconstructingNetwork>: Workload {
  var network: Network
  let names: DiffusersNames
  let inputs: BenchmarkInputs
  /// Made by the first step, so that sampling does without.
  private var optimizer: Adam?

  init(_ network: Network, names: DiffusersNames = .plain, inputs: BenchmarkInputs) {
    self.network = network
    self.names = names
    self.inputs = inputs
  }

  var batch: Int { inputs.sample.shape[0] }

  mutating func step(recordsDetails: Bool) -> StepDetails {
    var output: Tensor?
    let (loss, gradients) = valueAndGradient(of: &network) { [inputs] network in
      let prediction = network.output(of: inputs)
      if recordsDetails { output = prediction.withoutGradient }
      return square(prediction - inputs.sample).mean()
    }
    var adam = optimizer ?? StepOptimizer.adam(for: network)
    optimizer = nil
    adam.update(&network, along: gradients, learningRate: StepOptimizer.learningRate)
    optimizer = adam
    return StepDetails(
      losses: [("loss", loss.scalar)], output: output, gradients: recordsDetails ? gradients.named(as: network) : [])
  }

  func sample() -> Tensor { network.samples(from: inputs) }
}
