import LineupFormats
import LineupTensors

/// A rule that takes noisy samples step by step to clean ones, given a network's estimate at each step.
///
/// A sampler is a value. Rules that look back on earlier estimates keep them in stored properties, which is why `step`
/// is mutating; each run works on its own copy.
public protocol DiffusionSampler: Sendable {
  /// The schedule that the network was trained on.
  var schedule: NoiseSchedule { get }
  /// The timesteps at which the network is asked, from the noisiest.
  var timesteps: [Int] { get }

  /// The samples after step `index` of `timesteps`.
  ///
  /// - Parameters:
  ///   - noisy: the samples at `timesteps[index]`, samples along the first axis.
  ///   - estimate: what the network made of them.
  ///   - noise: fresh standard normal noise of the same shape; drawn only where the rule needs it.
  mutating func step(
    _ index: Int, noisy: Tensor, estimate: DenoisingEstimate, noise: () -> Tensor
  ) -> (next: Tensor, clean: Tensor)
}

extension DiffusionSampler {
  /// The timestep after step `index`; −1, the clean picture, after the last.
  func timestep(after index: Int) -> Int { index + 1 < timesteps.count ? timesteps[index + 1] : -1 }
}

/// A network as samplers see it: noisy samples and the timestep of each give a prediction of the samples' shape.
public typealias Denoiser = (_ noisy: Tensor, _ timesteps: [Float]) -> Tensor

/// Where a run of a sampler stands after a step.
public struct DenoisingState: Sendable {
  /// The step's number, from 0.
  public var index: Int
  /// The timestep at which the network was asked.
  public var timestep: Int
  /// The samples after the step.
  public var samples: Tensor
  /// The preview x̂₀ that the step used.
  public var clean: Tensor
}

/// A run of a sampler: the sequence of states after each step. Each pass over it starts anew from the same noise.
public struct Denoising<Sampler: DiffusionSampler>: Sequence {
  let sampler: Sampler
  let prediction: Prediction
  let start: Tensor
  let noise: SampleNoise
  let denoiser: Denoiser

  /// - Parameters:
  ///   - start: the samples at the sampler's first timestep; by default standard normal noise.
  ///   - noise: the random numbers of these samples.
  ///   - denoiser: the network.
  public init(
    _ sampler: Sampler, prediction: Prediction, noise: SampleNoise, from start: Tensor? = nil,
    denoiser: @escaping Denoiser
  ) {
    self.sampler = sampler
    self.prediction = prediction
    self.start = start ?? noise.initial()
    self.noise = noise
    self.denoiser = denoiser
  }

  public struct Iterator: IteratorProtocol {
    let run: Denoising
    var sampler: Sampler
    var samples: Tensor
    var index = 0

    public mutating func next() -> DenoisingState? {
      guard index < sampler.timesteps.count else { return nil }
      let timestep = sampler.timesteps[index]
      let output = run.denoiser(samples, Array(repeating: Float(timestep), count: samples.shape[0]))
      let estimate = run.prediction.estimate(
        output, noisy: samples, alphaBar: sampler.schedule.alphaBar(at: timestep))
      let noise = run.noise
      let (next, clean) = sampler.step(index, noisy: samples, estimate: estimate) { noise.step(timestep) }
      samples = next
      defer { index += 1 }
      return DenoisingState(index: index, timestep: timestep, samples: next, clean: clean)
    }
  }

  public func makeIterator() -> Iterator { Iterator(run: self, sampler: sampler, samples: start) }

  public var underestimatedCount: Int { sampler.timesteps.count }

  /// The samples after the last step.
  public func finished() -> Tensor {
    var last = start
    for state in self { last = state.samples }
    return last
  }
}
