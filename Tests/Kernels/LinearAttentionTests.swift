import LineupKernels
import LineupTestSupport
import Testing

/// Inputs of a linear attention, and its result and gradients on this processor.
struct LinearAttentionCase {
  let g: LinearAttentionGeometry
  let input, weight, gradient: [Float]

  init(_ g: LinearAttentionGeometry, seed: UInt64) {
    self.g = g
    var random = SmallRandom(seed)
    gradient = random.floats(g.batch * g.pixels * g.heads * g.width)
    input = random.floats(g.batch * g.pixels * g.channels)
    weight = random.floats(g.channels * 3 * g.heads * g.width).map { $0 * 3 / Float(g.channels).squareRoot() }
  }

  /// Result, then gradients of input and weight.
  func run(lanes: Int = 0) -> [[Float]] {
    var g = g
    g.lanes = lanes
    var output = [Float](repeating: .nan, count: gradient.count)
    var statistics = [Float](repeating: .nan, count: g.statisticsCount)
    var inputGradient = [Float](repeating: .nan, count: input.count)
    var weightGradient = [Float](repeating: .nan, count: weight.count)
    attendLinearly(g, input: input, weight: weight, output: &output, statistics: &statistics)
    attendLinearlyGradient(
      g, input: input, weight: weight, statistics: statistics, outputGradient: gradient,
      inputGradient: &inputGradient, weightGradient: &weightGradient)
    return [output, inputGradient, weightGradient]
  }
}

@Suite struct LinearAttentionTests {
  static let geometries: [LinearAttentionGeometry] = [
    LinearAttentionGeometry(batch: 1, pixels: 1, channels: 1, heads: 1, width: 1),
    LinearAttentionGeometry(batch: 2, pixels: 49, channels: 17, heads: 4, width: 32),
    LinearAttentionGeometry(batch: 1, pixels: 784, channels: 28, heads: 2, width: 32),
    LinearAttentionGeometry(batch: 20, pixels: 65, channels: 3, heads: 3, width: 5),
    LinearAttentionGeometry(batch: 1, pixels: 200, channels: 40, heads: 1, width: 64),
    LinearAttentionGeometry(batch: 1, pixels: 12, channels: 5, heads: 2, width: 41),
  ]

  /// With the vectors of every instruction set that can be had here.
  @Test(arguments: geometries)
  func agreesWithPlainLoops(_ geometry: LinearAttentionGeometry) {
    let attention = LinearAttentionCase(geometry, seed: 1)
    let reference = ReferenceLinearAttention(
      geometry, input: attention.input, weight: attention.weight, gradient: attention.gradient)
    for lanes in [0, 4] + (MatrixLibrary.instructionSet == "baseline" ? [] : [8]) {
      let results = attention.run(lanes: lanes)
      #expect(ReferenceKernels.relativeError(results[0], reference.output) < 1e-5)
      #expect(ReferenceKernels.relativeError(results[1], reference.inputGradient) < 1e-5)
      #expect(ReferenceKernels.relativeError(results[2], reference.weightGradient) < 1e-5)
    }
  }
}
