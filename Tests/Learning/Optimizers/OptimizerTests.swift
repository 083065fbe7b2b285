import Foundation
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// Two parameters and gradients by formulas, the same as in `Fixtures/make_optimizer_golden.py`.
struct FormulaModel: Module {
  var weight = Self.tensor([4, 5]) { cos(0.3 * $0) }
  var bias = Self.tensor([3]) { cos(0.3 * $0) }

  static func gradients(step: Int) -> Gradients {
    Gradients(
      tensors: [[4, 5], [3]].map { shape in
        tensor(shape) { pow(10, $0.truncatingRemainder(dividingBy: 4) - 2) * sin(0.7 * $0 + 1.3 * Double(step) + 0.2) }
      })
  }

  private static func tensor(_ shape: [Int], _ formula: (Double) -> Double) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { Float(formula(Double($0))) }, shape: shape)
  }

  var numbers: [Double] { parameters.flatMap { $0.value.values.map(Double.init) } }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}

/// After 1, 2 and 12 steps of falling rates, parameters are where PyTorch's optimizers leave them.
@Suite struct OptimizerTests {
  static let golden: [String: [String: [Double]]] = {
    let path = Bundle.module.bundleURL.appendingPathComponent("Fixtures/optimizers.json")
    return try! JSONDecoder().decode([String: [String: [Double]]].self, from: Data(contentsOf: path))
  }()

  private func expectPyTorchs(
    _ name: String, _ start: some Optimizer, clippingTo limit: Double? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let states = try #require(Self.golden[name], sourceLocation: sourceLocation)
    var (model, optimizer, compared) = (FormulaModel(), start, 0)
    for step in 0..<12 {
      _ = optimizer.update(
        &model, along: FormulaModel.gradients(step: step), learningRate: 0.05 / Double(1 + step), clippingTo: limit)
      guard let expected = states[String(step + 1)] else { continue }
      compared += 1
      #expect(relativeError(model.numbers, expected) < 2e-6, "after step \(step)", sourceLocation: sourceLocation)
    }
    #expect(compared == 3, sourceLocation: sourceLocation)
  }

  @Test func plainDescent() throws { try expectPyTorchs("sgd", SGD(for: FormulaModel())) }

  @Test func descentWithMomentum() throws {
    try expectPyTorchs("sgd, momentum", SGD(for: FormulaModel(), momentum: 0.9))
  }

  @Test func adam() throws { try expectPyTorchs("adam", Adam(for: FormulaModel())) }

  @Test func adamWithOtherConstants() throws {
    try expectPyTorchs("adam, other betas", Adam(for: FormulaModel(), beta1: 0.5, beta2: 0.9, epsilon: 1e-4))
  }

  @Test func adamWithDecoupledWeightDecay() throws {
    try expectPyTorchs("adamw", Adam(for: FormulaModel(), weightDecay: 0.3))
  }

  @Test func clippedGradients() throws {
    try expectPyTorchs("sgd, clipped", SGD(for: FormulaModel(), momentum: 0.9), clippingTo: 2)
    try expectPyTorchs("adam, clipped", Adam(for: FormulaModel()), clippingTo: 2)
  }

  @Test func theWalksShowAllMoments() {
    expectCompleteWalk(SGD(for: FormulaModel(), momentum: 0.9))
    expectCompleteWalk(Adam(for: FormulaModel()))
  }
}
