import LineupEngine

/// A layer of a user's own, written with nothing but the engine: a gated linear unit (Dauphin et al. 2017).
struct GatedLinear: Layer {
  var content: Linear
  var gate: Linear

  init(_ inputs: Int, to outputs: Int, random: inout RandomStream) {
    content = Linear(inputs, to: outputs, random: &random)
    gate = Linear(inputs, to: outputs, random: &random)
  }

  func callAsFunction(_ input: Tensor) -> Tensor { content(input) * sigmoid(gate(input)) }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("content", &content)
    visitor.child("gate", &gate)
  }
}

/// The mean absolute error and its gradient at a layer: a loss of a user's own.
func absoluteError(
  _ layer: inout GatedLinear, _ input: Tensor, _ target: Tensor
) -> (value: Tensor, gradient: Gradients) {
  valueAndGradient(of: &layer) { layer in abs(layer(input) - target).mean() }
}
