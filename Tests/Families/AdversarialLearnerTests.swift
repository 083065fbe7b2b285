import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct AdversarialLearnerTests {
  static func options(r1: Double) -> AdversarialOptions {
    var options = AdversarialOptions()
    options.channels = [4, 8]
    options.hidden = 16
    options.latentSize = 6
    options.r1 = r1
    return options
  }

  static func images(_ count: Int) -> Batch {
    var random = RandomStream(seed: 8)
    return Batch(images: tanh(random.normal([count, 8, 12, 2])))
  }

  @Test func walkIsComplete() {
    let random = RandomStream(seed: 1)
    expectCompleteWalk(AdversarialLearner(options: Self.options(r1: 0), sampleShape: [8, 12, 2], random: random))
    expectCompleteWalk(AdversarialLearner(options: Self.options(r1: 0), sampleShape: [2], random: random))
  }

  @Test func reportsWhatItDeclares() {
    for r1 in [0, 10.0] {
      var learner = AdversarialLearner(
        options: Self.options(r1: r1), sampleShape: [8, 12, 2], random: RandomStream(seed: 1))
      let report = learner.step(on: Self.images(4), progress: 0, random: RandomStream(seed: 2))
      #expect(report.problem(for: learner) == nil && report.isFinite)
      #expect(learner.networkNames.allSatisfy { report.updates[$0]!.norm > 0 })
      #expect((report.losses["r1"] == .absent) == (r1 == 0))
    }
  }

  @Test func samplesStandAloneAndLieInRange() {
    let learner = AdversarialLearner(
      options: Self.options(r1: 0), sampleShape: [8, 12, 2], random: RandomStream(seed: 1))
    let random = RandomStream(seed: 3)
    let all = learner.sample(SampleRequest(count: 5, random: random, weights: .raw)).images
    let last = learner.sample(SampleRequest(count: 2, random: random, firstIndex: 3, weights: .raw)).images
    #expect(all.shape == [5, 8, 12, 2] && all.values.allSatisfy { abs($0) <= 1 })
    #expect(relativeError(all.sliced(0, 3..<5), last) < 1e-5)
  }

  /// With a penalty the discriminator's gradient is one of second order. Its length along itself must agree with how the
  /// penalised loss changes, measured from outside by moving the parameters.
  @Test func thePenaltysGradientAgreesWithDifferences() {
    var random = RandomStream(seed: 4)
    let real = random.normal([3, 8, 8, 1])
    var critic = InfoGANEncoder(imageShape: [8, 8, 1], channels: [3, 4], hidden: 6, outputs: 1, random: random)
    func penalty(_ critic: InfoGANEncoder) -> Tensor {
      let source = real.gradientSource()
      return square(gradient(of: critic(source).sum(), withRespectTo: source)).sum() / 3
    }
    let (_, slope) = valueAndGradient(of: &critic) { penalty($0) }
    let length = slope.norm
    func moved(_ amount: Float) -> Double {
      var copy = critic
      var index = 0
      copy.forEachParameter { _, parameter in
        parameter = parameter + slope.tensors[index].scaled(by: amount / Float(length))
        index += 1
      }
      return Double(penalty(copy).withoutGradient.scalar)
    }
    let measured = (moved(2e-3) - moved(-2e-3)) / 4e-3
    #expect(length > 0.01)
    #expect(abs(measured - length) < 0.01 * length)
  }

  /// The penalty must make the discriminator flatter at the data than it is without.
  @Test func thePenaltyFlattensTheDiscriminator() {
    func meanPenalty(weight: Double) -> Double {
      var options = Self.options(r1: weight)
      options.learningRate = 2e-3
      var learner = AdversarialLearner(options: options, sampleShape: [8, 12, 2], random: RandomStream(seed: 1))
      let random = RandomStream(seed: 5)
      let penalties = (0..<100).map {
        learner.step(on: Self.images(8), progress: 0, random: random.split($0)).losses.number("r1")! / weight
      }
      return penalties.suffix(10).reduce(0, +) / 10
    }
    #expect(meanPenalty(weight: 10) < 0.3 * meanPenalty(weight: 1e-6))
  }
}

/// Eight Gaussians on a ring: the smallest data on which a GAN can be seen to work or to collapse.
@Suite struct RingTests {
  /// How samples lie on the ring.
  struct Coverage {
    var modes: Int
    /// The share of samples within four deviations of a mode, at radius 1.
    var quality: Double
  }

  static func trained(
    seed: UInt64, r1: Double, steps: Int = 1500, change: (inout AdversarialOptions) -> Void = { _ in }
  ) -> Coverage {
    var options = AdversarialOptions()
    options.batchSize = 128
    options.latentSize = 8
    options.pointLayers = [64, 64]
    options.learningRate = 1e-3
    options.average = 0.99
    options.r1 = r1
    change(&options)
    let ring = PointMixture.ring(radius: 1, deviation: 0.05)
    let random = RandomStream(seed: seed)
    let points = ring.points(count: steps * options.batchSize, random: random.split("data"))
    var learner = AdversarialLearner(options: options, sampleShape: [2], random: random.split("init"))
    for step in 0..<steps {
      let range = step * options.batchSize * 2..<(step + 1) * options.batchSize * 2
      let batch = Batch(images: Tensor(Array(points.points[range]), shape: [options.batchSize, 2]))
      _ = learner.step(on: batch, progress: Double(step) / Double(steps), random: random.split("step").split(step))
    }
    return coverage(learner.sample(SampleRequest(count: 1000, random: random.split("sample"))).images, of: ring)
  }

  static func coverage(_ samples: Tensor, of ring: PointMixture) -> Coverage {
    var counts = [Int](repeating: 0, count: ring.modes.count)
    let values = samples.values
    for index in 0..<samples.shape[0] {
      let point = SIMD2(values[2 * index], values[2 * index + 1])
      for (mode, centre) in ring.modes.enumerated() {
        let offset = point - centre
        if (offset * offset).sum() < 16 * ring.deviation * ring.deviation { counts[mode] += 1 }
      }
    }
    return Coverage(
      modes: counts.count { $0 >= 20 }, quality: Double(counts.reduce(0, +)) / Double(samples.shape[0]))
  }

  /// Over ten seeds, 8 modes were found each time, with 29 to 44 % of the samples within four deviations of a mode (a
  /// uniform spread over the ring's square would put 8 % there).
  @Test func aGANWithPenaltyFindsTheModes() {
    let coverage = Self.trained(seed: 1, r1: 0.1)
    #expect(coverage.modes >= 6)
    #expect((0.2...0.6).contains(coverage.quality))
  }

  /// The same statistic must tell when the discriminator does not learn.
  @Test func aDiscriminatorThatStandsStillFindsNothing() {
    let coverage = Self.trained(seed: 1, r1: 0.1, steps: 300) { $0.discriminatorLearningRate = 1e-12 }
    #expect(coverage.modes < 6 && coverage.quality < 0.2)
  }
}
