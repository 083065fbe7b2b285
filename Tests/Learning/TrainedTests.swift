import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// A network with its optimizer, schedule, limit and average: one step must be all of them, in their order.
@Suite struct TrainedTests {
  /// A weight, and a buffer that counts how often the loss was computed.
  private struct Network: Module {
    var weight = Tensor([3, -4], shape: [2])
    var uses = Tensor([0], shape: [1])

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.parameter("weight", &weight)
      visitor.buffer("uses", &uses)
    }

    /// Half the squared length: the gradient is the weight itself, of norm 5 at first.
    mutating func loss() -> Tensor {
      uses = uses + 1
      return square(weight).sum() * 0.5
    }
  }

  private static let schedule = LearningRateSchedule(peak: 0.1, decay: .linear)

  @Test func aStepIsTheOptimizersAtTheSchedulesRate() {
    var trained = Trained(Network(), schedule: Self.schedule, betas: [0.5, 0.9], average: 0.9)
    var (network, optimizer) = (Network(), Adam(for: Network(), beta1: 0.5, beta2: 0.9))
    for step in 0..<3 {
      let progress = Double(step) / 4
      let length = Double(square(network.weight).sum().scalar)
      let update = trained.step(progress: progress) { $0.loss() }
      let gradients = Gradients(tensors: [network.weight])
      optimizer.update(&network, along: gradients, learningRate: Float(0.1 * (1 - progress)))
      #expect(relativeError(trained.network.weight, network.weight) < 1e-6)
      #expect(abs(update.loss.number! - length / 2) < 1e-5 && abs(update.norm - length.squareRoot()) < 1e-5)
      #expect(update.learningRate == 0.1 * (1 - progress) && !update.clipped && !update.skipped)
    }
    #expect(trained.network.uses.values == [3])
  }

  /// Adam's second step tells a clipped first gradient from a whole one.
  @Test func aLimitIsKept() {
    var trained = Trained(Network(), schedule: Self.schedule, clipNorm: 1)
    var (network, optimizer) = (Network(), Adam(for: Network()))
    for slope in [1, 0.01] as [Float] {
      let update = trained.step(progress: 0) { ($0.weight * Tensor([slope, 2 * slope], shape: [2])).sum() }
      let norm = 5.0.squareRoot() * Double(slope)
      #expect(update.clipped == (norm > 1) && abs(update.norm - norm) < 1e-6)
      optimizer.update(
        &network, along: Gradients(tensors: [Tensor([slope, 2 * slope], shape: [2])]), learningRate: 0.1,
        scale: Float(min(1 / norm, 1)))
    }
    #expect(relativeError(trained.network.weight, network.weight) < 1e-6)
    #expect(trained.clipNorm == 1 && Trained(Network(), schedule: Self.schedule).clipNorm == nil)
  }

  /// The first update of an average keeps 2/11, the second 3/12; buffers are the network's own.
  @Test func theAverageFollowsTheNetwork() {
    var trained = Trained(Network(), schedule: Self.schedule, average: 0.999)
    var average: [Float] = [3, -4]
    for kept in [2.0 / 11, 3.0 / 12] as [Float] {
      _ = trained.step(progress: 0) { $0.loss() }
      average = zip(average, trained.network.weight.values).map { kept * $0 + (1 - kept) * $1 }
    }
    let found = trained.network(.average)
    #expect(zip(found.weight.values, average).allSatisfy { abs($0 - $1) < 1e-6 } && found.uses.values == [2])
    #expect(trained.network(.raw).weight.values == trained.network.weight.values)
    #expect(found.weight.values != trained.network.weight.values && trained.keepsAverage)
  }

  @Test func withoutAnAverageTheWeightsAreThoseOfTraining() {
    var trained = Trained(Network(), schedule: Self.schedule)
    _ = trained.step(progress: 0) { $0.loss() }
    #expect(!trained.keepsAverage && trained.network(.average).weight.values == trained.network.weight.values)
  }

  @Test(arguments: [Float.nan, .infinity]) func aLossThatIsNotFiniteIsToldAndNotLearned(_ number: Float) {
    var trained = Trained(Network(), schedule: Self.schedule)
    let update = trained.step(progress: 0) { ($0.weight * number).sum() }
    #expect(update.loss == .diverged && update.skipped && update.norm == .infinity)
    #expect(trained.network.weight.values == [3, -4])
  }

  @Test func theWalkIsComplete() {
    expectCompleteWalk(Trained(Network(), schedule: Self.schedule, average: 0.9))
    expectCompleteWalk(Trained(Network(), schedule: Self.schedule))
  }
}
