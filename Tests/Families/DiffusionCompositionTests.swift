import LineupDiffusion
import LineupFamilies
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// One learner composed of a network, a space and a condition: each can be changed alone.
@Suite struct DiffusionCompositionTests {
  private static let captions = ["white", "black"]
  private static let told = ConditionData(captions: captions, classCount: 2)

  /// White and black images `[8, 8, 8, 1]` with their captions, by turns.
  private static let batch: Batch = {
    let images = concatenated(
      (0..<8).map { Tensor(repeating: $0 % 2 == 0 ? 0.9 : -0.9, shape: [1, 8, 8, 1]) }, along: 0)
    return Batch(
      images: images, labels: (0..<8).map { Int32($0 % 2) }, captions: (0..<8).map { captions[$0 % 2] })
  }()

  private static func unet() -> UNetOptions {
    var unet = UNetOptions()
    (unet.channels, unet.heads, unet.groups) = ([8, 16], 2, 4)
    return unet
  }

  private static func text() -> TextOptions {
    var text = TextOptions()
    (text.width, text.layers, text.heads, text.contextLength, text.vocabulary) = (16, 1, 2, 8, 520)
    return text
  }

  private static func pixels(_ condition: Condition) -> DiffusionLearner {
    var options = PixelDiffusionOptions()
    (options.network, options.condition, options.text) = (.unet2d, ConditionOptions(condition), text())
    (options.network.unet, options.timesteps, options.average) = (unet(), 50, 0)
    options.sampler.steps = 10
    return DiffusionLearner(
      pixels: options, sampleShape: [8, 8, 1], conditions: told, random: RandomStream(seed: 1))
  }

  private static func latents(_ condition: Condition) -> DiffusionLearner {
    var options = LatentDiffusionOptions()
    (options.condition, options.text, options.unet) = (ConditionOptions(condition), text(), unet())
    (options.autoencoder.channels, options.autoencoder.latentChannels) = ([8, 8], 2)
    (options.timesteps, options.average, options.autoencoder.adversarialWeight) = (50, 0, 0)
    options.sampler.steps = 5
    return DiffusionLearner(
      latents: options, sampleShape: [8, 8, 1], conditions: told, perceptual: nil, random: RandomStream(seed: 1))
  }

  @Test(arguments: Condition.allCases) func everySpaceTakesEveryCondition(_ condition: Condition) {
    for var learner in [Self.pixels(condition), Self.latents(condition)] {
      expectCompleteWalk(learner)
      #expect(learner.conditions.map(\.rawValue) == (condition == .none ? [] : [condition.rawValue]))
      for progress in [0, 0.5, 0.9] {
        let report = learner.step(on: Self.batch, progress: progress, random: RandomStream(seed: 2))
        #expect(report.problem(for: learner) == nil && report.isFinite)
      }
      let request = SampleRequest(
        count: 2, random: RandomStream(seed: 3), captions: Self.captions, labels: [0, 1], guidance: 2)
      #expect(learner.sample(request).images.shape == [2, 8, 8, 1])
    }
  }

  /// With the same network, noise and condition, the space alone decides what is denoised.
  @Test func onlyTheSpaceDiffers() {
    let (pixels, latents) = (Self.pixels(.text), Self.latents(.text))
    #expect(pixels.space.shape == [8, 8, 1] && latents.space.shape == [4, 4, 2])
    #expect(pixels.captions?.tokens(of: "white") == latents.captions?.tokens(of: "white"))
    func weights(_ learner: DiffusionLearner) -> [[Float]]? {
      (learner.network.encoder as? CLIPTextModel)?.parameters.map(\.value.values)
    }
    #expect(weights(pixels) != nil && weights(pixels) == weights(latents))
    #expect(pixels.process.noise == latents.process.noise)
    #expect(pixels.stages.map(\.start) == [0] && latents.stages.map(\.start) == [0, 0.3])
  }

  /// On pixels the condition decides about the picture, as it does on latents.
  @Test(arguments: [Condition.text, .class]) func conditionsSteerPixels(_ condition: Condition) {
    var learner = Self.pixels(condition)
    for step in 0..<150 {
      _ = learner.step(on: Self.batch, progress: Double(step) / 150, random: RandomStream(seed: 4).split(step))
    }
    let samples = learner.sample(
      SampleRequest(
        count: 4, random: RandomStream(seed: 5), weights: .raw, captions: ["white", "white", "black", "black"],
        labels: [0, 0, 1, 1])
    ).images.mean(overAxes: [1, 2, 3]).values
    #expect(min(samples[0], samples[1]) > max(samples[2], samples[3]), "\(samples)")
  }
}
