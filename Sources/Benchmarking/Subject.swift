import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

/// A network to measure, made from its description, with inputs.
struct Subject {
  var name: String
  var workload: any Workload

  init(_ options: BenchmarkOptions) throws {
    switch options.subject {
    case .configuration(let path):
      self = try Self.described(by: DiffusersConfiguration(path: path), options)
    case .builtIn(let model):
      if let configuration = try model.configuration {
        self = try Self.described(by: configuration, options)
      } else {
        self = try Self.ownNetwork(model, options)
      }
      name = model.rawValue
    }
  }

  private init(name: String, workload: any Workload) {
    (self.name, self.workload) = (name, workload)
  }

  /// Batches that no option gives the size of.
  private static let usualBatch = 64

  private static func described(
    by configuration: DiffusersConfiguration, _ options: BenchmarkOptions
  ) throws -> Subject {
    var random = RandomStream(seed: options.seed).split("weights")
    let inputRandom = RandomStream(seed: options.seed).split("inputs")
    let name = configuration.className
    switch name {
    case "UNet2DModel":
      let shape = try UNet2DModel.Configuration(diffusers: configuration)
      let inputs = try shape.inputShape(configuration, options.work)
        .inputs(options, usualBatch: usualBatch, random: inputRandom)
      return Subject(
        name: name, workload: ReconstructionWorkload(UNet2DModel(shape, random: &random), inputs: inputs))
    case "UNet2DConditionModel":
      let shape = try UNet2DConditionModel.Configuration(diffusers: configuration)
      let inputs = try shape.inputShape(configuration, options.work)
        .inputs(options, usualBatch: usualBatch, random: inputRandom)
      return Subject(
        name: name,
        workload: ReconstructionWorkload(
          UNet2DConditionModel(shape, random: &random), names: .unet(linearProjection: shape.linearProjection),
          inputs: inputs))
    case "AutoencoderKL":
      let shape = try AutoencoderKL.Configuration(diffusers: configuration)
      let inputs = try shape.inputShape(configuration, options.work)
        .inputs(options, usualBatch: usualBatch, random: inputRandom)
      return Subject(
        name: name, workload: ReconstructionWorkload(AutoencoderKL(shape, random: random), inputs: inputs))
    default:
      throw configuration.unfit(
        "_class_name", expected: "\"UNet2DModel\", \"UNet2DConditionModel\" or \"AutoencoderKL\"")
    }
  }

  private static func ownNetwork(_ model: BuiltInModel, _ options: BenchmarkOptions) throws -> Subject {
    var random = RandomStream(seed: options.seed).split("weights")
    let inputRandom = RandomStream(seed: options.seed).split("inputs")
    switch model {
    case .dcgan:
      let (code, channels) = (100, [64, 128, 256])
      let pair = AdversarialPair(
        generator: DCGANGenerator(codeWidth: code, imageChannels: 3, channels: channels, random: &random),
        discriminator: DCGANDiscriminator(imageChannels: 3, channels: channels, random: &random))
      let shape = InputShape(
        sample: [32, 32, 3], problem: { $0 == 32 && $1 == 32 ? nil : "the network is for 32×32" }, channels: 3,
        noiseWidth: code)
      let inputs = try shape.inputs(options, usualBatch: usualBatch, random: inputRandom)
      return Subject(name: model.rawValue, workload: AdversarialWorkload(pair, inputs: inputs))
    case .vae:
      let network = MeasuredVariationalNetwork(random: random)
      let inputs = try network.inputShape(options.work).inputs(options, usualBatch: usualBatch, random: inputRandom)
      return Subject(name: model.rawValue, workload: ReconstructionWorkload(network, inputs: inputs))
    default:
      let network = NotebookUNet(.seed, imageChannels: 1, random: random)
      let shape = InputShape(
        sample: [28, 28, 1],
        problem: { NotebookUNet.Configuration.seed.problem(sampleShape: [$0, $1, 1]) }, channels: 1, timesteps: 1000)
      let inputs = try shape.inputs(options, usualBatch: 128, random: inputRandom)
      return Subject(name: model.rawValue, workload: ReconstructionWorkload(network, inputs: inputs))
    }
  }
}
