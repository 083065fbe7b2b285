import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct LayerTests {
  @Test func batchNormTrainsOnBatchStatisticsAndServesRunningOnes() {
    var layer = BatchNorm(2, momentum: 1)
    var random = RandomStream(seed: 3)
    let input = random.normal([50, 2]) * 3 + 1
    let trained = layer.training(input)
    #expect(abs(trained.mean().scalar) < 1e-5)
    // With momentum 1 the running statistics are this batch's, with the unbiased variance.
    let served = layer(input)
    #expect(relativeError(served * Float(50.0 / 49).squareRoot(), trained) < 1e-4)
  }

  @Test func runningStatisticsSurviveValueAndGradient() {
    struct Model: Module {
      var norm = BatchNorm(2)
      mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("norm", &norm) }
    }
    var model = Model()
    var random = RandomStream(seed: 4)
    let input = random.normal([20, 2]) + 5
    let (_, gradient) = valueAndGradient(of: &model) { square($0.norm.training(input)).sum() }
    #expect(model.norm.runningMean.values.allSatisfy { $0 > 0.3 })
    #expect(gradient.tensors.count == 2)
    #expect(!model.norm.scale.carriesGradient && !model.norm.runningMean.carriesGradient)
  }

  @Test func causalAttentionDoesNotLookAhead() {
    var random = RandomStream(seed: 5)
    let layer = MultiHeadAttention(width: 8, heads: 2, random: &random)
    let input = random.normal([1, 5, 8])
    var changed = input
    changed.withMutableValues { $0[4 * 8] += 3 }
    let before = layer(input, mask: .causal)
    let after = layer(changed, mask: .causal)
    #expect(before.sliced(1, 0..<4).values == after.sliced(1, 0..<4).values)
    #expect(before.values != after.values)
  }

  /// Golden values of the annotated diffusion notebook (sine first) and of Stable Diffusion (cosine first).
  @Test func sinusoidalEmbeddingsMatchTheReferences() {
    let seed = sinusoidalEmbedding([40], width: 28, order: .sineFirst, shift: 1).values
    for (value, golden) in zip(seed, [0.745113, 0.748618, -0.269689, -0.998034] as [Float]) {
      #expect(abs(value - golden) < 1e-4)
    }
    for (value, golden) in zip(seed.dropFirst(14), [-0.666938, 0.663002, -0.962947, 0.062676] as [Float]) {
      #expect(abs(value - golden) < 1e-4)
    }
    let stable = sinusoidalEmbedding([981], width: 320, order: .cosineFirst, shift: 0)
    #expect(abs(stable.sum().scalar - 56.412685) < 0.01)
  }
}
