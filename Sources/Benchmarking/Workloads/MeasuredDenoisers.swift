import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors

extension NotebookUNet: ReconstructingNetwork {
  func output(of inputs: BenchmarkInputs) -> Tensor { self(inputs.sample, at: inputs.timesteps) }

  func samples(from inputs: BenchmarkInputs) -> Tensor {
    denoised(inputs.sample) { noisy, timesteps in self(noisy, at: timesteps) }
  }
}

extension UNet2DModel: ReconstructingNetwork {
  func output(of inputs: BenchmarkInputs) -> Tensor { self(inputs.sample, at: inputs.timesteps) }

  func samples(from inputs: BenchmarkInputs) -> Tensor {
    // A network that divides by the timestep has none for 0.
    let first: Float = configuration.network.dividesByTime ? 1 : 0
    return denoised(inputs.sample) { noisy, timesteps in self(noisy, at: timesteps.map { max($0, first) }) }
  }
}

extension UNet2DConditionModel: ReconstructingNetwork {
  func output(of inputs: BenchmarkInputs) -> Tensor {
    self(inputs.sample, at: inputs.timesteps, context: inputs.text)
  }

  func samples(from inputs: BenchmarkInputs) -> Tensor {
    denoised(inputs.sample) { noisy, timesteps in self(noisy, at: timesteps, context: inputs.text) }
  }
}

extension BenchmarkInputs {
  /// The text, or an empty one for networks that read none.
  fileprivate var text: Tensor { context ?? .zeros([sample.shape[0], 1, 1]) }
}

/// Deterministic DDIM of 20 calls over the linear schedule of Ho et al. 2020 (as `DDIMScheduler(clip_sample=False)` of
/// diffusers takes them: timesteps 950, 900, …, 0), of a network that predicts the noise.
private func denoised(_ start: Tensor, by denoiser: @escaping Denoiser) -> Tensor {
  // These settings are known to be fit.
  let sampler = try! SamplerOptions(name: .ddim, steps: 20, spacing: .leading)
    .sampler(over: .linear(timesteps: 1000), prediction: .epsilon)
  let noise = SampleNoise(
    RandomStream(seed: 0), samples: 0..<start.shape[0], shape: Array(start.shape.dropFirst()))
  return Denoising(sampler, noise: noise, from: start, denoiser: denoiser).finished()
}

extension UNet2DModel.Configuration {
  /// What the network takes.
  func inputShape(_ file: DiffusersConfiguration, _ work: BenchmarkOptions.Work) throws -> InputShape {
    try network.checkChannels(file)
    let multiple = 1 << (network.channels.count - 1)
    return network.inputShape(file) { height, width in
      height % multiple == 0 && width % multiple == 0 ? nil : "sides must be multiples of \(multiple)"
    }
  }
}

extension UNet2DConditionModel.Configuration {
  /// What the network takes.
  func inputShape(_ file: DiffusersConfiguration, _ work: BenchmarkOptions.Work) throws -> InputShape {
    try network.checkChannels(file)
    guard network.time.classes == nil else {
      throw file.unfit("num_class_embeds", expected: "null, because no classes are drawn here")
    }
    let kinds = (down + up).joined().compactMap { $0 } + (middle.map { [$0] } ?? [])
    let widths = Set(kinds.compactMap { if case .text(let shape) = $0 { shape.contextWidth } else { nil } })
    guard widths.count <= 1 else {
      throw file.unfit("cross_attention_dim", expected: "the same width in all levels that read the text")
    }
    // Levels with plain attention only ever double on the way up.
    let doubles = up.joined().contains { if case .image = $0 { true } else { false } }
    let multiple = doubles ? 1 << (network.channels.count - 1) : 1
    let smallest = network.downsamplePadding == 1 ? 1 : 1 << (network.channels.count - 1)
    var shape = network.inputShape(file) { height, width in
      if height % multiple != 0 || width % multiple != 0 { return "sides must be multiples of \(multiple)" }
      return min(height, width) < smallest ? "sides must be at least \(smallest)" : nil
    }
    shape.contextWidth = widths.first
    return shape
  }
}

extension UNetConfiguration {
  fileprivate func inputShape(
    _ file: DiffusersConfiguration, problem: @escaping (_ height: Int, _ width: Int) -> String?
  ) -> InputShape {
    var shape = InputShape(
      sample: file.sampleSize.map { $0 + [inputs] }, sizeSource: file.path, problem: problem, channels: inputs,
      timesteps: 1000)
    if case .learned(let count) = time.features { (shape.timesteps, shape.timestepsAreBounded) = (count, true) }
    return shape
  }

  /// Output and input are held against each other.
  fileprivate func checkChannels(_ file: DiffusersConfiguration) throws {
    if inputs != outputs {
      throw file.unfit("out_channels", expected: "\(inputs), as many as in_channels, to be held against the input")
    }
  }
}
