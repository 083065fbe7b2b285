import LineupKernels
import LineupTestSupport
import Testing

/// Inputs of an attention, and its results and gradients on this processor.
struct AttentionCase {
  let g: AttentionGeometry
  let queries, keys, values, gradient: [Float]

  init(_ g: AttentionGeometry, seed: UInt64, size: Float = 1) {
    self.g = g
    var random = SmallRandom(seed)
    let row = g.heads * g.width
    queries = random.floats(g.batch * g.queries * row).map { $0 * size }
    keys = random.floats(g.batch * g.keys * row).map { $0 * size }
    values = random.floats(g.batch * g.keys * row)
    gradient = random.floats(g.batch * g.queries * row)
  }

  /// Result, then gradients of queries, keys and values.
  func run(lanes: Int = 0) -> [[Float]] {
    var g = g
    g.lanes = lanes
    var output = [Float](repeating: .nan, count: queries.count)
    var statistics = [Float](repeating: .nan, count: g.statisticsCount)
    var gradients = [output, keys.map { _ in .nan }, values.map { _ in .nan }]
    queries.withUnsafeBufferPointer { q in
      keys.withUnsafeBufferPointer { k in
        values.withUnsafeBufferPointer { v in
          let operands = AttentionOperands(queries: q.baseAddress!, keys: k.baseAddress!, values: v.baseAddress!)
          attend(g, operands, output: &output, statistics: &statistics)
          let buffers = gradients.map { values in
            UnsafeMutablePointer<Float>.allocate(capacity: values.count)
          }
          defer { for buffer in buffers { buffer.deallocate() } }
          for (buffer, values) in zip(buffers, gradients) { buffer.initialize(from: values, count: values.count) }
          attendGradient(
            g, operands, output: output, statistics: statistics, outputGradient: gradient,
            gradients: AttentionOperands(queries: buffers[0], keys: buffers[1], values: buffers[2]))
          gradients = zip(buffers, gradients).map {
            [Float](UnsafeBufferPointer(start: $0.0, count: $0.1.count))
          }
        }
      }
    }
    return [output] + gradients
  }

  /// Relative errors of `run`; where a gradient is zero but for rounding, as with one key, of the size of its terms.
  func errors(lanes: Int = 0) -> [Double] {
    let reference = ReferenceAttention(g, queries: queries, keys: keys, values: values, gradient: gradient)
    let expected = [reference.output, reference.queryGradient, reference.keyGradient, reference.valueGradient]
    return zip(run(lanes: lanes), expected).map { values, expected in
      let size = max(expected.map(\.magnitude).max() ?? 0, 0.05)
      return zip(values, expected).map { $0.isFinite ? (Double($0) - $1).magnitude / size : .infinity }.max() ?? 0
    }
  }
}

@Suite struct AttentionTests {
  static let geometries: [AttentionGeometry] = [
    AttentionGeometry(batch: 1, heads: 1, queries: 1, keys: 1, width: 1),
    AttentionGeometry(batch: 1, heads: 3, queries: 1, keys: 17, width: 4),
    AttentionGeometry(batch: 2, heads: 2, queries: 33, keys: 1, width: 5),
    AttentionGeometry(batch: 2, heads: 4, queries: 64, keys: 64, width: 8),
    AttentionGeometry(batch: 9, heads: 4, queries: 16, keys: 16, width: 32),
    AttentionGeometry(batch: 1, heads: 2, queries: 49, keys: 77, width: 32),
    AttentionGeometry(batch: 1, heads: 1, queries: 300, keys: 131, width: 40),
    AttentionGeometry(batch: 1, heads: 1, queries: 9, keys: 200, width: 160),
    AttentionGeometry(batch: 1, heads: 2, queries: 66, keys: 65, width: 21),
    AttentionGeometry(batch: 1, heads: 2, queries: 150, keys: 150, width: 7, isCausal: true),
    AttentionGeometry(batch: 1, heads: 1, queries: 77, keys: 77, width: 64, isCausal: true),
    AttentionGeometry(batch: 1, heads: 1, queries: 20, keys: 90, width: 8, isCausal: true),
  ]

  /// With the vectors of every instruction set that can be had here.
  @Test(arguments: geometries)
  func agreesWithPlainLoops(_ geometry: AttentionGeometry) {
    let attention = AttentionCase(geometry, seed: 1, size: 2)
    for lanes in [0, 4] + (MatrixLibrary.instructionSet == "baseline" ? [] : [8]) {
      for (index, error) in attention.errors(lanes: lanes).enumerated() {
        #expect(error < 1e-5, "\(lanes) lanes, result \(index)")
      }
    }
  }

  /// Scores in the hundreds: weights of zero and one, no overflow.
  @Test func largeScoresDoNotOverflow() {
    let geometry = AttentionGeometry(batch: 1, heads: 1, queries: 40, keys: 300, width: 16)
    for error in AttentionCase(geometry, seed: 2, size: 20).errors() { #expect(error < 2e-4) }
  }

  @Test func aNumberThatIsNoneSpreads() {
    let geometry = AttentionGeometry(batch: 1, heads: 1, queries: 5, keys: 9, width: 4)
    let whole = AttentionCase(geometry, seed: 3)
    var keys = whole.keys
    keys[7] = .nan
    var output = [Float](repeating: 0, count: whole.queries.count)
    var statistics = [Float](repeating: 0, count: geometry.statisticsCount)
    whole.queries.withUnsafeBufferPointer { q in
      keys.withUnsafeBufferPointer { k in
        whole.values.withUnsafeBufferPointer { v in
          attend(
            geometry, AttentionOperands(queries: q.baseAddress!, keys: k.baseAddress!, values: v.baseAddress!),
            output: &output, statistics: &statistics)
        }
      }
    }
    #expect(output.allSatisfy { $0.isNaN })
  }
}
