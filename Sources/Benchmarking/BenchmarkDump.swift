import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

/// What a network made of its inputs, for comparison with other implementations: `output` of the first repetition, the
/// losses of all, and `grad.NAME` of the first, in diffusers' names and layouts.
struct BenchmarkDump {
  private var writer = SafetensorsWriter()
  private var losses: [(name: String, values: [Float])] = []

  /// Images `[batch, height, width, channels]` are turned to `[batch, channels, height, width]`.
  mutating func add(output: Tensor) {
    writer.add("output", output.rank == 4 ? output.permuted([0, 3, 1, 2]) : output)
  }

  mutating func add(_ details: StepDetails, names: DiffusersNames) {
    if let output = details.output { add(output: output) }
    for gradient in details.gradients {
      let exported = names.exported(gradient)
      writer.add("grad." + exported.name, exported.value)
    }
    for (name, value) in details.losses {
      if let index = losses.firstIndex(where: { $0.name == name }) {
        losses[index].values.append(value)
      } else {
        losses.append((name, [value]))
      }
    }
  }

  func write(to path: String) throws(Fault) {
    var writer = writer
    for (name, values) in losses { writer.add(name, Tensor(values, shape: [values.count])) }
    try writer.write(to: path)
  }
}
