import LineupLearning
import LineupNetworks
import LineupTensors

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
package struct ImplicitLearner: Learner {
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
  package var lossNames: [String] { ["distance"] }
  /// One network.
  package var networkNames: [String] { ["generator"] }
  /// Whether the weights' average is kept.
  package var keepsAverage: Bool { generator.keepsAverage }
  /// Those of the generator.
  package var samplingParameterCount: Int { generator.network.parameterCount }

  /// Every image pulls the nearest of many samples.
  package mutating func step(on batch: Batch, progress: Double, random: RandomStream) -> StepReport {
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

  /// Images `[count] + sampleShape`.
  package func sample(_ request: SampleRequest) -> SampleResult {
    let flat = generator.network(request.weights)(request.normal([options.latentSize]))
    return SampleResult(images: flat.reshaped(to: [request.count] + sampleShape))
  }

  /// Shows everything stored, each under its property's name.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("generator", &generator)
  }
}
