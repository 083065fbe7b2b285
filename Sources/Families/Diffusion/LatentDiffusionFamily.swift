import LineupDiffusion
import LineupFeatureNetworks
import LineupLearning

extension Family {
  /// Latent ("Stable") diffusion.
  package static let latentDiffusion = Family(
    LatentDiffusionOptions(), learns: [.images], conditions: { _ in [.text] },
    problems: { options, facts in
      let (autoencoder, unet, text) = (options.autoencoder, options.unet, options.text)
      var problems = SettingProblem.divisor(
        autoencoder.groups, "groups", of: autoencoder.channels, at: ["autoencoder"])
      problems += SettingProblem.divisor(unet.groups, "groups", of: unet.channels, at: ["unet"])
      problems += SettingProblem.divisor(unet.heads, "heads", of: unet.channels, at: ["unet"])
      problems += SettingProblem.divisor(text.heads, "heads", of: [text.width], at: ["text"])
      if facts.hasCaptions == false {
        problems.append(
          SettingProblem(
            ["family"], found: "\(facts.name), whose images have no captions", expected: "data with captions"))
      }
      return problems
        + SettingProblem.sampler(
          options.sampler, over: options.schedule, timesteps: options.timesteps, options.prediction, in: facts)
    },
    learner: { options, context in
      var options = options
      options.sampler.standardSteps = context.facts.samplerSteps
      // A data set without a perceptual network trains the first stage without that term.
      let wantsFeatures = options.autoencoder.perceptualWeight > 0
      return LatentDiffusionLearner(
        options: options, sampleShape: context.sampleShape, captions: context.captions,
        perceptual: wantsFeatures ? try perceptual(for: context.facts.name, channels: context.sampleShape[2]) : nil,
        random: context.random)
    })
}
