import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupTensors
import LineupTestSupport

/// A small latent diffusion model with random weights, exported into a temporary folder.
struct ExportedModel {
  static let prompt = "A red boot, it's 12 sheep!"
  static let steps = 10
  static let guidance: Float = 2

  let learner: DiffusionLearner
  let folder: String
  /// Removes the folder where no other was asked for.
  private let temporary: TemporaryFile

  init(weights: WeightChoice = .average, folder: String? = nil) throws {
    learner = Self.makeLearner()
    temporary = TemporaryFile("export")
    self.folder = folder ?? temporary.path
    _ = try DiffusersExport(learner, weights: weights, origin: ["arm": "test"])!.write(to: self.folder)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Grey images of 14×22 in a frame of 16×24, which differ in all their sizes.
  private static func options() -> LatentDiffusionOptions {
    var options = LatentDiffusionOptions()
    options.autoencoder.channels = [4, 8, 8]
    options.autoencoder.perceptualWeight = 0
    options.autoencoder.latentChannels = 3
    options.unet.channels = [8, 16]
    options.unet.heads = 2
    options.unet.groups = 4
    options.text.width = 12
    options.text.layers = 2
    options.text.heads = 3
    options.text.contextLength = 16
    options.text.vocabulary = 530
    options.average = 0.9
    options.timesteps = 100
    return options
  }

  /// Where the parts stand in the learner's walk, and the names under which the golden's weights were drawn.
  private static let drawnParts = [
    (place: "firstStage.coder.network.", name: "firstStage.autoencoder."),
    (place: "denoiser.network.network.", name: "denoiser.unet."),
    (place: "denoiser.network.encoder.", name: "denoiser.text."),
    (place: "denoiser.average.values.", name: "average.values."),
  ]

  /// Networks whose layers all matter: in a fresh one, the last convolutions of blocks are zero.
  static func makeLearner() -> DiffusionLearner {
    var learner = DiffusionLearner(
      latents: options(), sampleShape: [14, 22, 1],
      conditions: ConditionData(captions: ["a red boot", "a red sheep", "a boot", "a blue boot", "a blue sheep"]),
      perceptual: nil,
      random: RandomStream(seed: 1))
    let random = RandomStream(seed: 2)
    learner.forEachTensor { name, value in
      if name == "latentScale" { value = Tensor([0.8], shape: [1]) }
      guard let part = drawnParts.first(where: { name.hasPrefix($0.place) }) else { return }
      var stream = random.split(part.name + name.dropFirst(part.place.count))
      value = value + stream.normal(value.shape).scaled(by: 0.1)
    }
    return learner
  }

  /// The random numbers of the picture that both sides draw.
  private static let random = RandomStream(seed: 5)

  /// The noise that the harness begins the picture with, `[1, height, width, channels]`.
  var initialLatents: Tensor {
    let shape = learner.latentSpace!.autoencoder.latentShape(of: learner.latentSpace!.frame.paddedShape)
    return SampleNoise(Self.random, samples: 0..<1, shape: shape).initial()
  }

  /// The harness's own picture, `[1, height, width, channels]` in [0, 1].
  var image: Tensor {
    learner.sample(
      SampleRequest(
        count: 1, random: Self.random, captions: [Self.prompt], guidance: Self.guidance, steps: Self.steps)
    ).images.scaled(by: 0.5, plus: 0.5).clamped(to: 0...1)
  }

  /// What the text encoder makes of a caption, `[1, length, width]`.
  func features(of caption: String) -> Tensor {
    (learner.denoiser(.average).encoder as! CLIPTextModel)([learner.captions!.tokens(of: caption)])
  }
}
