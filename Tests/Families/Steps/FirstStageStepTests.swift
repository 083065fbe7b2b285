import LineupFamilies
import LineupFeatureNetworks
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// One step of a latent model's first stage, against its losses composed here (Rombach et al. 2022, appendix G).
@Suite struct FirstStageStepTests {
  static let perceptualWeight: Float = 0.7
  static let klWeight: Float = 0.05

  static func stage() -> AutoencoderStage {
    var options = AutoencoderOptions()
    options.perceptualWeight = Double(perceptualWeight)
    options.klWeight = Double(klWeight)
    options.adversarialWeight = 0.5
    options.adversarialStart = 0.5
    var configuration = AutoencoderKL.Configuration()
    (configuration.imageChannels, configuration.channels) = (3, [4, 4])
    (configuration.layersPerBlock, configuration.latentChannels, configuration.groups) = (1, 3, 2)
    configuration.midBlockAttention = false
    return AutoencoderStage(
      options: options, configuration: configuration, perceptual: perceptual, random: RandomStream(seed: 1))
  }

  static let perceptual = PerceptualNetwork(channels: 3, classCount: 2, random: RandomStream(seed: 9))
  static let images: Tensor = {
    var random = RandomStream(seed: 10)
    return tanh(random.normal([2, 8, 8, 3]))
  }()

  /// The scores of a stage's patch discriminator, from the weights of its walk: convolutions of 4 × 4, all but the last with
  /// a stride of two and a leaky rectifier.
  struct Judge: Module {
    var layers: [Convolution2D]

    init(_ stage: AutoencoderStage) {
      let found = stage.parameters.filter { $0.name.hasPrefix("discriminator") }.map(\.value)
      var random = RandomStream(seed: 0)
      layers = stride(from: 0, to: found.count, by: 2).map { index in
        let shape = found[index].shape
        var layer = Convolution2D(
          shape[2], to: shape[3], kernel: 4, stride: index + 2 < found.count ? 2 : 1, padding: .all(1), random: &random)
        (layer.weight, layer.bias) = (found[index], found[index + 1])
        return layer
      }
    }

    func callAsFunction(_ images: Tensor) -> Tensor {
      layers.last!(layers.dropLast().reduce(images) { leakyRelu($1($0)) })
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.children("layers", &layers) }
  }

  /// Everything of a step before the discriminator joins and after: numbers, gradients and weights.
  @Test(arguments: [0.2, 0.7]) func aStepIsThePapers(progress: Double) throws {
    let random = RandomStream(seed: 3)
    var stage = Self.stage()
    var (autoencoder, judge) = (stage.autoencoder, Judge(stage))
    let joins = progress >= 0.5
    let report = stage.step(on: Self.images, progress: progress, random: random)
    func reported(_ name: String) -> Float? { report.losses[name]?.number.map { Float($0) } }

    var stream = random.split("posterior")
    let noise = stream.normal([2, 4, 4, 3])
    let (size, images) = (Float(8 * 8 * 3), Self.images)
    var expected: [String: Tensor] = [:]
    var output = images
    let (_, gradients) = valueAndGradient(of: &autoencoder) { autoencoder in
      let (mean, logVariance) = autoencoder.encode(images)
      output = autoencoder.decode(mean + exp(logVariance * 0.5) * noise)
      let absolute = abs(output - images).mean()
      let distance = Self.perceptual.distance(images, output).mean()
      let divergence = (square(mean) + exp(logVariance) - logVariance - 1).sum() * (0.5 / 2)
      expected = ["reconstruction": absolute, "perceptual": distance, "kl": divergence]
      let error = (absolute + distance * Self.perceptualWeight) * size
      guard joins else { return error + divergence * Self.klWeight }
      // The autoencoder is pulled to where the scores are high, as strongly as to the images at its last layer.
      let fooling = judge(output).mean() * -1
      let weight = adaptive(error, fooling, at: autoencoder.lastWeight)
      (expected["adversarial"], expected["adversarialWeight"]) = (fooling, Tensor(weight))
      return error + divergence * Self.klWeight + fooling * (0.5 * weight)
    }
    let (discriminatorLoss, discriminatorGradients) = valueAndGradient(of: &judge) { judge in
      // The hinge: real patches above one, made ones below minus one.
      let fake = output.withoutGradient
      return (relu(judge(images) * -1 + 1).mean() + relu(judge(fake) + 1).mean()) * 0.5
    }
    if joins { expected["discriminator"] = discriminatorLoss }

    for name in AutoencoderStage.lossNames {
      let number = expected[name].map { $0.scalar }
      #expect((reported(name) == nil) == (number == nil), "\(name)")
      if let number { #expect(abs((reported(name) ?? .nan) - number) < 1e-4 * max(abs(number), 0.1), "\(name)") }
    }
    expectStep(
      of: autoencoder, along: gradients, gives: stage.autoencoder, norm: report.updates["autoencoder"]?.norm)
    if joins {
      expectStep(
        of: judge, along: discriminatorGradients, gives: Judge(stage), norm: report.updates["discriminator"]?.norm)
    } else {
      #expect(report.updates["discriminator"] == nil)
    }
  }

  private func adaptive(_ error: Tensor, _ fooling: Tensor, at layer: Tensor) -> Float {
    let (toward, against) = (gradient(of: error, withRespectTo: layer), gradient(of: fooling, withRespectTo: layer))
    return Float(min(toward.squaredNorm.squareRoot() / (against.squaredNorm.squareRoot() + 1e-4), 1e4))
  }

  private func expectStep<M: Module>(
    of model: M, along gradients: Gradients, gives after: M, norm: Double?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs((norm ?? .nan) / gradients.norm - 1) < 1e-4, sourceLocation: sourceLocation)
    var (expected, optimizer) = (model, Adam(for: model, beta1: 0.5, beta2: 0.9))
    optimizer.update(&expected, along: gradients, learningRate: 2e-3)
    expectSameSteps(from: model, expected, after, sourceLocation: sourceLocation)
  }
}
