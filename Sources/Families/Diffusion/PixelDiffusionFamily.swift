import LineupDiffusion
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

extension Family {
  /// Diffusion on pixels.
  package static let pixelDiffusion = Family(
    PixelDiffusionOptions(), learns: [.images], conditions: \.conditionKinds,
    problems: { options, facts in
      let network = options.network
      var problems =
        network.preset == .unet2d
        ? network.unet.problems(at: ["network"])
        : SettingProblem.divisor(network.groups, "groups", of: network.channels, at: ["network"])
      problems += SettingProblem.sides(of: facts, multipleOf: network.sideMultiple, at: ["network"])
      if options.condition.kind != .none, network.preset != .unet2d {
        problems.append(
          SettingProblem(
            ["condition"], found: "\(options.condition.kind.rawValue) with the network \(network.preset.rawValue)",
            expected: "a network that listens: preset unet2d"))
      }
      return problems + options.commonProblems(in: facts)
    },
    learner: { options, context in
      var options = options
      options.sampler.standardSteps = context.facts.samplerSteps
      return DiffusionLearner(
        pixels: options, sampleShape: context.sampleShape, conditions: context.conditionData, random: context.random)
    })
}

extension DiffusionLearner {
  /// A model on pixels.
  ///
  /// - Parameters:
  ///   - sampleShape: `[height, width, channels]` of the images, which the network must fit.
  ///   - random: the first weights.
  public init(pixels options: PixelDiffusionOptions, sampleShape: [Int], random: RandomStream) {
    self.init(pixels: options, sampleShape: sampleShape, conditions: ConditionData(), random: random)
  }

  /// - Parameter conditions: what is known of the training images' conditions.
  package init(
    pixels options: PixelDiffusionOptions, sampleShape: [Int], conditions: ConditionData, random: RandomStream
  ) {
    let parts = options.condition.kind.parts(options, conditions, random.split("denoiser"))
    let network = options.network
    let denoiser: ConditionedDenoiser
    if network.preset == .unet2d {
      denoiser = ConditionedDenoiser(
        network.unet, channels: sampleShape[2], encoder: parts?.encoder, contextWidth: options.text.width,
        random: random.split("denoiser"))
    } else {
      let problem = network.configuration.problem(sampleShape: sampleShape)
      require(problem == nil, "\(problem!)")
      denoiser = ConditionedDenoiser(
        NotebookUNet(network.configuration, imageChannels: sampleShape[2], random: random))
    }
    self.init(
      options, space: PixelSpace(shape: sampleShape, mirrors: options.horizontalFlip),
      reader: parts?.reader, denoiser: denoiser)
  }
}
