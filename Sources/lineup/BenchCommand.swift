import ArgumentParser
import LineupBenchmarking
import LineupLearning
import LineupNetworks

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the training steps or the sampling of one network.",
    discussion: """
      step: mean squared error between a network's output and its input, Adam at a learning rate of 1e-4. Autoencoders \
      decode the mean of their posterior; a text that no file gives is 16 tokens of zeros; a GAN's step is one update of \
      each network. sample: DDIM of 20 calls, an autoencoder's decoding, or a generator's call. The first repetition \
      warms up and does not count.

      Files of tensors are safetensors files in the names and layouts of diffusers. Inputs: sample, timestep, \
      encoder_hidden_states; for a GAN, noise. For sampling, sample is what it begins from. Dump: output and grad.NAME of \
      the first repetition, and the loss of each.
      """)

  enum Work: String, ExpressibleByArgument, CaseIterable { case step, sample }

  @Argument(help: "What to repeat: step or sample.")
  var work: Work

  @Option(help: "A network that needs no file.")
  var model: BuiltInModel?

  @Option(
    help: "A config.json of diffusers' class UNet2DModel, UNet2DConditionModel or AutoencoderKL.",
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(help: "Images in a batch. Default: as many as --inputs has, else 64, and 128 for seed-unet.")
  var batch: Int?

  @Option(help: "Threads to compute with.")
  var threads = 1

  @Option(help: "Repetitions.")
  var steps = 5

  @Option(help: "The seed of weights and inputs that no file gives.")
  var seed: UInt64 = 1

  @Option(help: "The network's weights.", completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(help: "The inputs.", completion: .file(extensions: ["safetensors"]))
  var inputs: String?

  @Option(help: "Where to write outputs, losses and gradients.", completion: .file(extensions: ["safetensors"]))
  var dump: String?

  @Option(help: "Where to write the weights that the network begins with.", completion: .file())
  var saveWeights: String?

  @Flag(help: "Print as JSON.")
  var json = false

  func validate() throws {
    if (model == nil) == (config == nil) { throw ValidationError("give either --model or --config") }
    if let batch, batch < 1 { throw ValidationError("--batch must be at least 1; got \(batch)") }
    if threads < 1 { throw ValidationError("--threads must be at least 1; got \(threads)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1; got \(steps)") }
  }

  func run() throws {
    var options = BenchmarkOptions(
      work: work == .step ? .step : .sample,
      subject: model.map { .builtIn($0) } ?? .configuration(path: config!))
    (options.batch, options.threads, options.repetitions, options.seed) = (batch, threads, steps, seed)
    (options.weightsPath, options.inputsPath) = (weights, inputs)
    (options.dumpPath, options.savedWeightsPath) = (dump, saveWeights)
    let report = try Benchmark(options).run()
    say(json ? report.json : report.line)
  }
}

extension BuiltInModel: ExpressibleByArgument {}
