import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

extension AutoencoderKL: ReconstructingNetwork {
  func output(of inputs: BenchmarkInputs) -> Tensor { decode(mean(of: inputs.sample)) }
  func samples(from inputs: BenchmarkInputs) -> Tensor { decode(inputs.sample) }
}

extension AutoencoderKL.Configuration {
  /// What the network takes: images for a training step, latents for samples.
  func inputShape(_ file: DiffusersConfiguration, _ work: BenchmarkOptions.Work) throws -> InputShape {
    if work == .sample {
      let side = file.sampleSize ?? [32, 32]
      return InputShape(
        sample: side.map { $0 / reduction } + [latentChannels], sizeSource: file.path, channels: latentChannels)
    }
    if let decodedChannels, decodedChannels != imageChannels {
      throw file.unfit(
        "out_channels", expected: "\(imageChannels), as many as in_channels, to be held against the input")
    }
    return InputShape(
      // The class's own default, where the file does not say.
      sample: (file.sampleSize ?? [32, 32]) + [imageChannels], sizeSource: file.path,
      problem: { [reduction] height, width in
        height % reduction == 0 && width % reduction == 0 ? nil : "sides must be multiples of \(reduction)"
      }, channels: imageChannels)
  }
}

/// The variational autoencoder of the studies, without a deviation of its decoder, which the measured loss has none of.
struct MeasuredVariationalNetwork: ReconstructingNetwork {
  private static let imageShape = [28, 28, 1]
  private static var options: VariationalOptions {
    var options = VariationalOptions()
    options.decoderVariance = .fixed(1)
    return options
  }

  var network: VariationalNetwork

  init(random: RandomStream) {
    network = VariationalNetwork(Self.options, sampleShape: Self.imageShape, random: random)
  }

  func output(of inputs: BenchmarkInputs) -> Tensor { network.decode(network.encode(inputs.sample).mean) }
  func samples(from inputs: BenchmarkInputs) -> Tensor { network.decode(inputs.sample) }

  /// Images for a training step, codes for samples.
  func inputShape(_ work: BenchmarkOptions.Work) -> InputShape {
    work == .sample
      ? InputShape(sample: [Self.options.latentSize], channels: Self.options.latentSize)
      : InputShape(
        sample: Self.imageShape, problem: { $0 == 28 && $1 == 28 ? nil : "the network is for 28×28" }, channels: 1)
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) { network.visit(&visitor) }
}
