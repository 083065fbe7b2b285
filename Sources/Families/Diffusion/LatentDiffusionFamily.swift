import LineupDiffusion
import LineupFeatureNetworks
import LineupLearning
import LineupTensors

extension Family {
  /// Latent ("Stable") diffusion.
  package static let latentDiffusion = Family(
    LatentDiffusionOptions(), learns: [.images], conditions: \.conditionKinds,
    problems: { options, facts in
      let autoencoder = options.autoencoder
      return SettingProblem.divisor(autoencoder.groups, "groups", of: autoencoder.channels, at: ["autoencoder"])
        + options.unet.problems(at: ["unet"]) + options.commonProblems(in: facts)
    },
    learner: { options, context in
      var options = options
      options.sampler.standardSteps = context.facts.samplerSteps
      // A data set without a perceptual network trains the first stage without that term.
      let wantsFeatures = options.autoencoder.perceptualWeight > 0
      return DiffusionLearner(
        latents: options, sampleShape: context.sampleShape, conditions: context.conditionData,
        perceptual: wantsFeatures ? try perceptual(for: context.facts.name, channels: context.sampleShape[2]) : nil,
        random: context.random)
    })
}

extension DiffusionLearner {
  /// A model on the latents of a first stage, which learns while the first share of the budget lasts.
  ///
  /// - Parameters:
  ///   - sampleShape: `[height, width, channels]` of the images.
  ///   - conditions: what is known of the training images' conditions.
  ///   - perceptual: the network behind the first stage's perceptual term, which is left out without one.
  package init(
    latents options: LatentDiffusionOptions, sampleShape: [Int], conditions: ConditionData,
    perceptual: PerceptualNetwork?,
    random: RandomStream
  ) {
    let parts = options.condition.kind.parts(options, conditions, random.split("denoiser"))
    self.init(
      options,
      space: FirstStageSpace(
        options.autoencoderTraining, options.configuration(imageChannels: sampleShape[2]), sampleShape: sampleShape,
        levels: options.unet.channels.count, share: options.firstStageShare, perceptual: perceptual,
        random: random.split("firstStage")),
      reader: parts?.reader,
      denoiser: ConditionedDenoiser(
        options.unet, channels: options.autoencoder.latentChannels, encoder: parts?.encoder,
        contextWidth: options.text.width, random: random.split("denoiser")))
  }

  /// What reads captions; `nil` in a model that is not told of any.
  package var captions: CaptionReader? { reader as? CaptionReader }

  /// The space of a model on latents; `nil` on pixels.
  package var latentSpace: FirstStageSpace? { space as? FirstStageSpace }
}

extension FamilyOptions {
  /// Whether models of these options can be written as a folder that diffusers' Stable Diffusion pipeline opens.
  package var opensInDiffusers: Bool { (self as? LatentDiffusionOptions)?.condition.kind == .text }
}

extension LearnerContext {
  /// What diffusion models want to know of conditions.
  var conditionData: ConditionData { ConditionData(captions: captions, classCount: facts.classCount ?? 0) }
}
