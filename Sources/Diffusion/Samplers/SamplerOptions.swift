import LineupFormats
import LineupKernels
import LineupStrictJSON
import LineupTensors

/// How pictures are drawn from a trained diffusion model.
public struct SamplerOptions: SettingsRecord {
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// Ancestral sampling over every timestep.
    case ddpm
    /// Song, Meng and Ermon 2021 over some of the timesteps.
    case ddim
  }

  public static let title = "sampler"
  public static let summary = "How pictures are drawn from a diffusion model."

  @Setting("ddim takes some of the timesteps; ddpm takes every one, whatever the number of steps.")
  public var name = Name.ddim

  @Setting(
    .integer(1...10_000), "Network evaluations for one picture, where they differ from evaluation.samplerSteps.")
  public var steps: Int? = nil

  @Setting(.number(.from(0, upTo: 1)), "The share of DDPM's noise that DDIM adds; 0 is deterministic.")
  public var eta = 0.0

  public init(name: Name = .ddim, steps: Int? = nil, eta: Double = 0) {
    self.name = name
    self.steps = steps
    self.eta = eta
  }

  /// Steps where neither a request nor the options say how many.
  public static let standardSteps = 20
}

/// All that turns a trained network into pictures, besides the network.
public struct SamplingPlan: Sendable {
  public var options: SamplerOptions
  public var schedule: NoiseSchedule
  public var prediction: Prediction
  /// Bounds for x̂₀, where values are known to lie between them.
  public var clipping: ClosedRange<Float>?
  /// The shape of one sample.
  public var sampleShape: [Int]
  /// Samples made at a time; the pictures do not depend on it.
  public var batchSize = 64

  public init(
    options: SamplerOptions, schedule: NoiseSchedule, prediction: Prediction, clipping: ClosedRange<Float>? = nil,
    sampleShape: [Int]
  ) {
    self.options = options
    self.schedule = schedule
    self.prediction = prediction
    self.clipping = clipping
    self.sampleShape = sampleShape
  }

  /// The finished samples `[streams.count] + sampleShape`, and, where wanted, the start and the states after each step.
  ///
  /// - Parameters:
  ///   - streams: the random numbers of each sample; it depends on nothing else.
  ///   - denoiser: the network for the samples in these places, so that conditions can be looked up.
  public func samples(
    streams: [RandomStream], keepsTrajectory: Bool = false, denoiser: (Range<Int>) -> Denoiser
  ) -> (samples: Tensor, trajectory: [Tensor]) {
    let count = streams.count
    require(count > 0, "at least one sample must be asked for")
    var finished: [Tensor] = []
    var states: [[Tensor]] = []
    for first in stride(from: 0, to: count, by: batchSize) {
      let range = first..<min(first + batchSize, count)
      let noise = SampleNoise(streams: Array(streams[range]), shape: sampleShape)
      let trajectory = trajectory(noise, keepsAll: keepsTrajectory, denoiser(range))
      finished.append(trajectory[trajectory.count - 1])
      if keepsTrajectory { states.append(trajectory) }
    }
    let together = states.first?.indices.map { step in concatenated(states.map { $0[step] }, along: 0) }
    return (concatenated(finished, along: 0), together ?? [])
  }

  /// The samples of one batch: start and states, or the last state alone.
  private func trajectory(_ noise: SampleNoise, keepsAll: Bool, _ denoiser: @escaping Denoiser) -> [Tensor] {
    func run(_ sampler: some DiffusionSampler) -> [Tensor] {
      let denoising = Denoising(sampler, prediction: prediction, noise: noise, denoiser: denoiser)
      return keepsAll ? [denoising.start] + denoising.map(\.samples) : [denoising.finished()]
    }
    switch options.name {
    case .ddpm: return run(DDPMSampler(schedule: schedule, clipping: clipping))
    case .ddim:
      let steps = min(options.steps ?? SamplerOptions.standardSteps, schedule.timesteps)
      return run(DDIMSampler(schedule: schedule, steps: steps, eta: options.eta, clipping: clipping))
    }
  }
}
