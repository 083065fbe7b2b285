import LineupFamilies
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

/// What holds for a process as a whole, each in a process of its own.
@Suite struct SteadyStateTests {
  /// Once two steps have shown the pool what sizes there are, training allocates no more buffers.
  @Test func trainingStepsReuseTheirBuffers() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 2
      let options = PixelDiffusionOptions()
      var learner = DiffusionLearner(
        pixels: options, sampleShape: [16, 16, 1], random: RandomStream(seed: 1))
      var random = RandomStream(seed: 2)
      let batch = Batch(images: random.normal([4, 16, 16, 1]))
      func step(_ index: Int) {
        _ = learner.step(on: batch, progress: 0.1, random: RandomStream(seed: 3).split(index))
      }
      for index in 0..<3 { step(index) }
      let before = BufferPool.shared.counters.misses
      for index in 3..<9 { step(index) }
      let fresh = BufferPool.shared.counters.misses - before
      require(fresh == 0, "six steps allocated \(fresh) buffers that the pool did not have")
    }
  }

  /// Arithmetic on denormal numbers is many times slower: every thread that computes takes them for zero.
  @Test func noThreadComputesWithDenormals() async {
    await #expect(processExitsWith: .success) {
      MatrixLibrary.prepare()
      Threads.count = 3
      let small = [Float](repeating: .leastNormalMagnitude, count: 1 << 20)
      let product = Tensor(small, shape: [1 << 20]).scaled(by: 0.5)
      require(product.values.allSatisfy { $0 == 0 }, "half of the smallest normal number was not taken for zero")
    }
  }
}
