import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct PixelDiffusionLearnerTests {
  /// A network of a few thousand weights on 8×8 images.
  static func tiny() -> PixelDiffusionOptions {
    var options = PixelDiffusionOptions()
    (options.network.channels, options.network.groups, options.network.headWidth) = ([8, 16], 4, 4)
    options.timesteps = 100
    options.average = 0.95
    options.sampler.steps = 10
    return options
  }

  static func learner(_ options: PixelDiffusionOptions = tiny()) -> DiffusionLearner {
    DiffusionLearner(pixels: options, sampleShape: [8, 8, 1], random: RandomStream(seed: 1))
  }

  /// Squares: bright 4×4 blocks in one of four corners, on black.
  static func squares(_ count: Int) -> Tensor {
    Tensor(shape: [count, 8, 8, 1]) { out in
      out.initialize(repeating: -1)
      for image in 0..<count {
        let (top, left) = (image / 2 % 2 * 4, image % 2 * 4)
        for row in top..<top + 4 { for column in left..<left + 4 { out[image * 64 + row * 8 + column] = 1 } }
      }
    }
  }

  private func trained(_ learner: DiffusionLearner, steps: Int, on images: Tensor) -> (
    learner: DiffusionLearner, losses: [Double]
  ) {
    var learner = learner
    let random = RandomStream(seed: 2)
    let losses = (0..<steps).map { step in
      learner.step(
        on: Batch(images: images), progress: Double(step) / Double(steps), random: random.split(step)
      ).losses.number("loss")!
    }
    return (learner, losses)
  }

  @Test func walkIsCompleteAndSizesAreTold() {
    let learner = Self.learner()
    expectCompleteWalk(learner)
    #expect(learner.samplingParameterCount == learner.network.parameterCount)
    #expect(learner.keepsAverage)
    var options = Self.tiny()
    options.average = 0
    #expect(!Self.learner(options).keepsAverage)
    expectCompleteWalk(Self.learner(options))
  }

  @Test(arguments: Prediction.allCases, DiffusionLoss.allCases)
  func overfitsEightImages(_ prediction: Prediction, _ loss: DiffusionLoss) {
    var options = Self.tiny()
    (options.prediction, options.loss) = (prediction, loss)
    options.learningRate = 5e-3
    let (_, losses) = trained(Self.learner(options), steps: 150, on: Self.squares(8))
    let mean = { (part: ArraySlice<Double>) in part.reduce(0, +) / Double(part.count) }
    #expect(mean(losses.suffix(30)) < 0.5 * mean(losses.prefix(5)), "from \(losses[0]) to \(mean(losses.suffix(30)))")
  }

  @Test func reportsOneNumberForEachName() {
    var learner = Self.learner()
    let report = learner.step(on: Batch(images: Self.squares(8)), progress: 0.5, random: RandomStream(seed: 3))
    #expect(report.problem(for: learner) == nil)
    #expect(report.isFinite && report.skipped == 0)
    #expect(abs(report.learningRate - 1e-3) < 1e-9)
    // The mean of the quarters, weighted by how many timesteps fell into each, is the whole; so it lies between them.
    let quarters = learner.lossNames.dropFirst().compactMap { report.losses.number($0) }
    let whole = report.losses.number("loss")!
    #expect(quarters.min()! <= whole && whole <= quarters.max()!)
  }

  @Test func nonFiniteImagesAreReportedAndNotLearned() {
    var learner = Self.learner()
    let before = learner.network.parameters.map(\.value.values)
    let images = Tensor(repeating: .infinity, shape: [4, 8, 8, 1])
    let report = learner.step(on: Batch(images: images), progress: 0, random: RandomStream(seed: 3))
    #expect(!report.isFinite && report.skipped == 1)
    #expect(learner.network.parameters.map(\.value.values) == before)
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() {
    func run(threads: Int) -> [Float] {
      let count = Threads.count
      Threads.count = threads
      defer { Threads.count = count }
      let (learner, losses) = trained(Self.learner(), steps: 3, on: Self.squares(8))
      let samples = learner.sample(SampleRequest(count: 2, random: RandomStream(seed: 4)))
      return losses.map(Float.init) + samples.images.values
    }
    #expect(run(threads: 1) == run(threads: 3))
  }

  @Test func eachSampleIsItsOwn() {
    let learner = trained(Self.learner(), steps: 3, on: Self.squares(8)).learner
    func samples(_ first: Int, _ count: Int) -> [Float] {
      var request = SampleRequest(count: count, random: RandomStream(seed: 5), firstIndex: first, sampler: "ddpm")
      request.weights = .raw
      return learner.sample(request).images.values
    }
    let together = samples(0, 5)
    #expect(samples(3, 2) == Array(together.suffix(128)))
    #expect(samples(0, 1) == Array(together.prefix(64)))
  }

  @Test func trajectoriesEndInTheSamples() {
    let learner = Self.learner()
    let result = learner.sample(
      SampleRequest(count: 3, random: RandomStream(seed: 6), steps: 4, keepsTrajectory: true))
    #expect(result.trajectory.count == 5)
    #expect(result.trajectory[4].values == result.images.values)
    #expect(result.images.values.allSatisfy { abs($0) <= 1 })
  }

  @Test func mirroringChangesWhatIsSeenAndNothingElse() {
    var options = Self.tiny()
    options.horizontalFlip = true
    let plain = trained(Self.learner(), steps: 1, on: Self.squares(8)).losses
    let mirrored = trained(Self.learner(options), steps: 1, on: Self.squares(8)).losses
    #expect(plain != mirrored)
    // A symmetric set does not change.
    let symmetric = Tensor.ones([4, 8, 8, 1])
    #expect(
      trained(Self.learner(), steps: 1, on: symmetric).losses
        == trained(Self.learner(options), steps: 1, on: symmetric).losses)
  }

  /// Statistics of samples after a short training: they are squares, in all four corners.
  ///
  /// Over ten seeds DDIM's means were −0.472 to −0.454, its distances 0.080 to 0.152 and its rarest corner had 6 samples;
  /// DDPM's were −0.477 to −0.457, 0.053 to 0.112 and 10.
  @Test func samplesOfATrainedNetworkAreLikeTheData() {
    var options = Self.tiny()
    options.learningRate = 5e-3
    let learner = trained(Self.learner(options), steps: 400, on: Self.squares(32)).learner
    for (sampler, furthest, rarest) in [("ddim", Float(0.19), 3), ("ddpm", Float(0.14), 7)] {
      let samples = learner.sample(SampleRequest(count: 64, random: RandomStream(seed: 7), sampler: sampler)).images
      let statistics = SquareStatistics(samples)
      #expect((-0.5...(-0.43)).contains(statistics.mean), "\(sampler): \(statistics)")
      #expect(statistics.distance < furthest, "\(sampler): \(statistics)")
      #expect(statistics.corners.allSatisfy { $0 >= rarest }, "\(sampler): \(statistics)")
    }
  }
}

/// How near samples are to the four squares.
private struct SquareStatistics {
  /// Of all pixels; −0.5 for the data.
  let mean: Float
  /// The mean absolute difference to the nearest square.
  let distance: Float
  /// How many samples are nearest to each.
  let corners: [Int]

  init(_ samples: Tensor) {
    mean = samples.mean().scalar
    let squares = PixelDiffusionLearnerTests.squares(4)
    var (total, counts): (Float, [Int]) = (0, [0, 0, 0, 0])
    for index in 0..<samples.shape[0] {
      let distances = abs(squares - samples.sliced(0, index..<index + 1)).mean(overAxes: [1, 2, 3]).values
      let nearest = distances.indices.min { distances[$0] < distances[$1] }!
      total += distances[nearest]
      counts[nearest] += 1
    }
    distance = total / Float(samples.shape[0])
    corners = counts
  }
}
