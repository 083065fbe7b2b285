import LineupKernels
import LineupTestSupport
import Synchronization
import Testing

/// These change the process-wide thread count and read the process-wide ledger, so they run one after another; nothing else
/// in this process depends on the count, but other suites add to the ledger (see `ledgerCountsDirectOperations`).
@Suite(.serialized) struct ThreadsTests {
  private func withThreads<Result>(_ count: Int, _ body: () -> Result) -> Result {
    let before = Threads.count
    Threads.count = count
    defer { Threads.count = before }
    return body()
  }

  @Test(arguments: [
    ConvolutionGeometry.square(batch: 32, size: 14, from: 24, to: 48, kernel: 3),
    .square(batch: 40, size: 7, from: 9, to: 5, kernel: 3),
    .square(batch: 17, size: 28, from: 1, to: 32, kernel: 4, stride: 2, pad: 1),
    .square(batch: 31, size: 14, from: 32, to: 64, kernel: 4, stride: 2, pad: 1),
    .square(batch: 16, size: 32, from: 8, to: 8, kernel: 3),
    .square(batch: 16, size: 16, from: 24, to: 40, kernel: 1),
    .square(batch: 9, size: 8, from: 200, to: 130, kernel: 3),
    .square(batch: 1, size: 16, from: 320, to: 310, kernel: 3),
    .square(batch: 1, size: 14, from: 20, to: 30, kernel: 3),
    .square(batch: 1, size: 16, from: 96, to: 80, kernel: 3, stride: 2),
    .square(batch: 2, size: 16, from: 32, to: 3, kernel: 3),
    .square(batch: 2, size: 8, from: 250, to: 270, kernel: 1),
  ])
  func convolutionsHaveTheSameBitsForAnyThreadCount(geometry: ConvolutionGeometry) {
    let c = ConvolutionCase(geometry, seed: 3)
    let one = withThreads(1) { [c.forward(bias: c.bias), c.inputGradient(), c.weightGradient()] }
    for count in 2...3 {
      let more = withThreads(count) { [c.forward(bias: c.bias), c.inputGradient(), c.weightGradient()] }
      #expect(one == more)
    }
  }

  /// Rows that make many tasks, two, and one.
  @Test(arguments: [1500, 160, 40]) func productsHaveTheSameBitsForAnyThreadCount(m: Int) {
    var random = SmallRandom(5)
    let (n, k) = (48, 70)
    let (a, b) = (random.floats(m * k), random.floats(k * n))
    func product(_ transposeA: Bool) -> [Float] {
      var c = [Float](repeating: .nan, count: m * n)
      multiplyMatrices(
        batch: 1, m: m, n: n, k: k, a: a, transposeA: transposeA, strideA: 0, b: b, transposeB: false, strideB: 0,
        bias: nil, c: &c, strideC: 0)
      return c
    }
    for transposed in [false, true] {
      let one = withThreads(1) { product(transposed) }
      #expect(withThreads(2) { product(transposed) } == one)
      #expect(withThreads(3) { product(transposed) } == one)
    }
  }

  /// The last one has so few heads that its queries are divided among tasks.
  @Test(arguments: [
    AttentionGeometry(batch: 3, heads: 5, queries: 70, keys: 90, width: 8),
    AttentionGeometry(batch: 1, heads: 1, queries: 1100, keys: 65, width: 24),
  ])
  func attentionHasTheSameBitsForAnyThreadCount(geometry: AttentionGeometry) {
    let attention = AttentionCase(geometry, seed: 4)
    let one = withThreads(1) { attention.run() }
    for count in 2...3 { #expect(withThreads(count) { attention.run() } == one) }
    #expect(attention.errors().allSatisfy { $0 < 1e-5 })
  }

  @Test(arguments: [1, 3, 20]) func linearAttentionHasTheSameBitsForAnyThreadCount(batch: Int) {
    let g = LinearAttentionGeometry(batch: batch, pixels: 130, channels: 7, heads: 3, width: 12)
    let attention = LinearAttentionCase(g, seed: 5)
    let one = withThreads(1) { attention.run() }
    for count in 2...3 { #expect(withThreads(count) { attention.run() } == one) }
  }

  /// Also with more threads than the pool has shares for.
  @Test func everyTaskRunsOnceAlsoWhenNested() {
    for count in [1, 2, 3, 4, 70] {
      let outer = (0..<100).map { _ in Counter() }
      withThreads(count) {
        Threads.forEach(100) { index in
          Threads.forEach(7) { _ in outer[index].value.wrappingAdd(1, ordering: .relaxed) }
        }
      }
      #expect(outer.allSatisfy { $0.value.load(ordering: .relaxed) == 7 })
    }
  }

  @Test func manyShortJobsComeToAnEnd() {
    let counter = Counter()
    withThreads(3) {
      for _ in 0..<20_000 { Threads.forEach(3) { _ in counter.value.wrappingAdd(1, ordering: .relaxed) } }
    }
    #expect(counter.value.load(ordering: .relaxed) == 60_000)
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }
}

@Suite struct ExecutedWorkTests {
  /// Other suites may add meanwhile, so the ledger grows by at least the work of this one.
  @Test func ledgerCountsDirectOperations() {
    let geometry = ConvolutionGeometry.square(batch: 2, size: 8, from: 3, to: 5, kernel: 3)
    #expect(geometry.multiplyAdds == 2 * 8 * 8 * 3 * 3 * 3 * 5)
    let c = ConvolutionCase(geometry, seed: 1)
    let before = ExecutedWork.flops
    _ = (c.forward(), c.inputGradient(), c.weightGradient())
    #expect(ExecutedWork.flops - before >= 3 * 2 * geometry.multiplyAdds)
  }

  @Test func stridesCountOutputPositionsOnly() {
    let geometry = ConvolutionGeometry.square(batch: 1, size: 28, from: 1, to: 32, kernel: 4, stride: 2, pad: 1)
    #expect(geometry.outputHeight == 14)
    #expect(geometry.multiplyAdds == 14 * 14 * 4 * 4 * 32)
  }
}
