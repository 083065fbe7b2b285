import LineupDiffusion
import LineupLearning
import LineupNetworks

extension Family {
  /// Diffusion on pixels.
  package static let pixelDiffusion = Family(
    PixelDiffusionOptions(), learns: [.images],
    problems: { options, facts in
      let network = options.network
      return SettingProblem.divisor(network.groups, "groups", of: network.channels, at: ["network"])
        + SettingProblem.sides(of: facts, multipleOf: network.configuration.sideMultiple, at: ["network"])
        + SettingProblem.sampler(
          options.sampler, over: options.schedule, timesteps: options.timesteps, options.prediction, in: facts)
    },
    learner: { options, context in
      var options = options
      options.sampler.standardSteps = context.facts.samplerSteps
      return PixelDiffusionLearner(options: options, sampleShape: context.sampleShape, random: context.random)
    })
}
