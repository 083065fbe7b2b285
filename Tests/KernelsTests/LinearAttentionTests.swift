import Kernels
import TestSupport
import Testing

/// Inputs of a linear attention, and its result and gradient on this processor.
struct LinearAttentionCase {
  let g: LinearAttentionGeometry
  let projection, gradient: [Float]

  init(_ g: LinearAttentionGeometry, seed: UInt64) {
    self.g = g
    var random = SmallRandom(seed)
    gradient = random.floats(g.batch * g.pixels * g.heads * g.width)
    projection = random.floats(3 * gradient.count).map { $0 * 3 }
  }

  /// Result, then gradient of the projection.
  func run(lanes: Int = 0) -> [[Float]] {
    var g = g
    g.lanes = lanes
    var output = [Float](repeating: .nan, count: gradient.count)
    var statistics = [Float](repeating: .nan, count: g.statisticsCount)
    var projectionGradient = [Float](repeating: .nan, count: projection.count)
    attendLinearly(g, projection, output: &output, statistics: &statistics)
    attendLinearlyGradient(
      g, projection, statistics: statistics, outputGradient: gradient, gradient: &projectionGradient)
    return [output, projectionGradient]
  }
}

@Suite struct LinearAttentionTests {
  static let geometries: [LinearAttentionGeometry] = [
    LinearAttentionGeometry(batch: 1, pixels: 1, heads: 1, width: 1),
    LinearAttentionGeometry(batch: 2, pixels: 49, heads: 4, width: 32),
    LinearAttentionGeometry(batch: 1, pixels: 784, heads: 2, width: 32),
    LinearAttentionGeometry(batch: 9, pixels: 65, heads: 3, width: 5),
    LinearAttentionGeometry(batch: 1, pixels: 200, heads: 1, width: 64),
    LinearAttentionGeometry(batch: 1, pixels: 12, heads: 2, width: 41),
  ]

  /// With the vectors of every instruction set that can be had here.
  @Test(arguments: geometries)
  func agreesWithPlainLoops(_ geometry: LinearAttentionGeometry) {
    let attention = LinearAttentionCase(geometry, seed: 1)
    let reference = ReferenceLinearAttention(
      geometry, projection: attention.projection, gradient: attention.gradient)
    for lanes in [0, 4] + (MatrixLibrary.instructionSet == "baseline" ? [] : [8]) {
      let results = attention.run(lanes: lanes)
      #expect(ReferenceKernels.relativeError(results[0], reference.output) < 1e-5)
      #expect(ReferenceKernels.relativeError(results[1], reference.projectionGradient) < 1e-5)
    }
  }
}
