import LineupTensors
import LineupTestSupport
import Testing

@Suite struct OperatorTests {
  /// A random projection turns any output into a scalar that depends on all of it.
  private func projected(_ operation: OperatorCase) -> @Sendable ([Tensor]) -> Tensor {
    var random = RandomStream(seed: 11)
    let projection = random.normal(operation.apply(operation.inputs()).shape)
    return { (operation.apply($0) * projection).sum() }
  }

  @Test(arguments: OperatorCase.all)
  func firstDerivativeMatchesCentralDifferences(_ operation: OperatorCase) {
    let loss = projected(operation)
    let inputs = operation.inputs()
    let measured = centralDifferences(of: loss, at: inputs, step: 1e-2)
    let sources = inputs.map { $0.gradientSource() }
    let computed = gradients(of: loss(sources), withRespectTo: sources)
    for (index, (gradient, reference)) in zip(computed, measured).enumerated() {
      let error = relativeError(gradient.values.map(Double.init), reference)
      #expect(error < operation.tolerance, "\(operation.name), input \(index): error \(error)")
    }
  }

  /// The gradient's length in a random direction, differentiated once more.
  @Test(arguments: OperatorCase.all)
  func secondDerivativeMatchesCentralDifferences(_ operation: OperatorCase) {
    let loss = projected(operation)
    let inputs = operation.inputs()
    var random = RandomStream(seed: 13)
    let directions = inputs.map { random.normal($0.shape) }
    let slope: @Sendable ([Tensor]) -> Tensor = { inputs in
      let sources = inputs.map { $0.carriesGradient ? $0 : $0.gradientSource() }
      let first = gradients(of: square(loss(sources)), withRespectTo: sources)
      return zip(first, directions).reduce(Tensor(0)) { $0 + ($1.0 * $1.1).sum() }
    }
    let measured = centralDifferences(of: slope, at: inputs, step: 1e-2)
    let sources = inputs.map { $0.gradientSource() }
    let computed = gradients(of: slope(sources), withRespectTo: sources)
    for (index, (gradient, reference)) in zip(computed, measured).enumerated() {
      let error = relativeError(gradient.values.map(Double.init), reference)
      #expect(error < 3 * operation.tolerance, "\(operation.name), input \(index): error \(error)")
    }
  }

  /// First-order passes take fused kernels, recorded ones composed operations: both must agree.
  @Test(arguments: OperatorCase.all)
  func fusedAndComposedGradientsAgree(_ operation: OperatorCase) {
    let loss = projected(operation)
    let sources = operation.inputs().map { $0.gradientSource() }
    let composed = gradients(of: loss(sources), withRespectTo: sources)
    let fused = dataGradients(of: loss(sources), withRespectTo: sources)
    for (a, b) in zip(composed, fused) { #expect(relativeError(a, b) < 1e-5, "\(operation.name)") }
  }

  /// An operation inside of a residual meets a gradient of its input that is there already, and may add its own to it; one
  /// used twice meets its own.
  @Test(arguments: OperatorCase.all)
  func gradientsOfSeveralUsesAreAddedUp(_ operation: OperatorCase) {
    var random = RandomStream(seed: 12)
    let inputs = operation.inputs()
    let weights = inputs.map { random.normal($0.shape) }
    let loss = projected(operation)
    let alone = dataGradientsOfSources(inputs, loss)
    let together = dataGradientsOfSources(inputs) { sources in
      loss(sources) * 2 + zip(sources, weights).reduce(Tensor(0)) { $0 + ($1.0 * $1.1).sum() } + loss(sources)
    }
    for (index, weight) in weights.enumerated() {
      let error = relativeError(together[index], alone[index] * 3 + weight)
      #expect(error < 1e-5, "\(operation.name), input \(index): error \(error)")
    }
  }

  private func dataGradientsOfSources(_ inputs: [Tensor], _ loss: ([Tensor]) -> Tensor) -> [Tensor] {
    let sources = inputs.map { $0.gradientSource() }
    return dataGradients(of: loss(sources), withRespectTo: sources)
  }
}
