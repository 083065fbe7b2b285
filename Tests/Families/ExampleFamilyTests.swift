import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// The family that docs/add-a-family.md builds, word for word, so that the page keeps up with the code.

/// The settings of an implicit model.
struct ImplicitOptions: Optimization, Codable, Sendable, Hashable {
  var batchSize = 64
  var learningRate = 1e-3
  var learningRateDecay = LearningRateSchedule.Decay.cosine
  var clipNorm = 0.0
  var average = 0.995
  /// Numbers drawn for each picture.
  var latentSize = 32
  /// Width of the hidden layer.
  var hidden = 256
  /// Samples drawn in a step, from which every image takes the nearest.
  var candidates = 256
}

/// Latents `[batch, latentSize]` to flat images `[batch, height · width · channels]` in [−1, 1].
struct ImplicitGenerator: Layer {
  var first: Linear
  var second: Linear

  init(_ options: ImplicitOptions, outputs: Int, random: RandomStream) {
    var random = random
    first = Linear(options.latentSize, to: options.hidden, random: &random)
    second = Linear(options.hidden, to: outputs, random: &random)
  }

  func callAsFunction(_ latents: Tensor) -> Tensor { tanh(second(silu(first(latents)))) }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("first", &first)
    visitor.child("second", &second)
  }
}

/// Implicit maximum likelihood estimation (Li and Malik 2018): every real image pulls the nearest of many samples
/// toward itself, so that no image is left without one.
struct ImplicitLearner: Learner {
  let options: ImplicitOptions
  /// `[height, width, channels]`.
  let sampleShape: [Int]
  var generator: Trained<ImplicitGenerator>

  init(options: ImplicitOptions, sampleShape: [Int], random: RandomStream) {
    self.options = options
    self.sampleShape = sampleShape
    generator = Trained(
      ImplicitGenerator(options, outputs: sampleShape.reduce(1, *), random: random.split("generator")),
      schedule: options.schedule(), clipNorm: options.clipNorm, average: options.average)
  }

  /// The mean squared distance of a real image to its nearest sample.
  var lossNames: [String] { ["distance"] }
  var networkNames: [String] { ["generator"] }
  var keepsAverage: Bool { generator.keepsAverage }
  var samplingParameterCount: Int { generator.network.parameterCount }

  mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
    var stream = random.split("latents")
    let latents = stream.normal([options.candidates, options.latentSize])
    let real = batch.images.reshaped(to: [batch.count, -1])
    // ‖x − s‖² = ‖x‖² + ‖s‖² − 2⟨x, s⟩, and ‖x‖² does not decide which sample is nearest.
    let samples = generator.network(latents)
    let nearness = matmul(real, samples, transposeB: true).scaled(by: 2) - square(samples).sum(overAxes: [1])
    let chosen = latents.gatheredRows(nearness.indicesOfMaximum())

    let update = generator.step(progress: progress) { generator in
      square(generator(chosen) - real).sum(overAxes: [1]).mean()
    }
    return StepReport(
      losses: ["distance": update.loss], updates: ["generator": update], learningRate: update.learningRate)
  }

  func sample(_ request: SampleRequest) -> SampleResult {
    let flat = generator.network(request.weights)(request.normal([options.latentSize]))
    return SampleResult(images: flat.reshaped(to: [request.count] + sampleShape))
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("generator", &generator)
  }
}

@Suite struct ExampleFamilyTests {
  /// Two pictures: bright left half, bright right half.
  private static let halves = Tensor(
    (0..<32).map { pixel -> Float in pixel % 4 / 2 == pixel / 16 ? 1 : -1 }, shape: [2, 4, 4, 1])

  @Test func itsWalkIsCompleteAndItLearnsBothPictures() {
    var options = ImplicitOptions()
    (options.hidden, options.candidates, options.average, options.learningRate) = (32, 16, 0, 1e-2)
    var learner = ImplicitLearner(options: options, sampleShape: [4, 4, 1], random: RandomStream(seed: 1))
    expectCompleteWalk(learner)
    let random = RandomStream(seed: 2)
    var distances: [Double] = []
    for step in 0..<200 {
      let report = learner.step(
        on: Batch(images: Self.halves), progress: Double(step) / 200, random: random.split(step))
      #expect(report.isFinite)
      distances.append(report.losses.number("distance")!)
    }
    let (early, late) = (distances.prefix(20).reduce(0, +), distances.suffix(20).reduce(0, +))
    #expect(late < 0.2 * early)
    let samples = learner.sample(SampleRequest(count: 64, random: RandomStream(seed: 3))).images
    let brightLeft = samples.sliced(2, 0..<2).mean(overAxes: [1, 2, 3]).values.count { $0 > 0 }
    #expect((8...56).contains(brightLeft), "\(brightLeft) of 64 samples are bright on the left")
  }
}
