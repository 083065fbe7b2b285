import Algorithms
import LineupKernels
import LineupTensors

/// A network as samplers see it: noisy samples and the timestep of each give a prediction of the samples' shape.
public typealias Denoiser = (_ noisy: Tensor, _ timesteps: [Float]) -> Tensor

/// Where a run of a sampler stands after a call of the network.
public struct DenoisingState: Sendable {
  /// The call's number, from 0.
  public var index: Int
  /// The timestep that the network was told.
  public var timestep: Float
  /// The samples after the call, signal and noise of unit variance together: as the network sees them next.
  public var samples: Tensor
}

/// A run of a sampler: the sequence of states after each call. Each pass over it starts anew from the same noise.
public struct Denoising: Sequence {
  let sampler: any Sampler
  let start: Tensor
  let noise: SampleNoise
  let denoiser: Denoiser

  /// - Parameters:
  ///   - start: unit noise to begin with; by default that of `noise`.
  ///   - noise: the random numbers of these samples.
  ///   - denoiser: the network.
  public init(
    _ sampler: any Sampler, noise: SampleNoise, from start: Tensor? = nil, denoiser: @escaping Denoiser
  ) {
    self.sampler = sampler
    self.start = start ?? noise.initial()
    self.noise = noise
    self.denoiser = denoiser
  }

  /// A pass over the calls.
  public struct Iterator: IteratorProtocol {
    let run: Denoising
    var sampler: any Sampler
    var samples: Tensor
    var input: Tensor
    var index = 0

    init(_ run: Denoising) {
      (self.run, sampler) = (run, run.sampler)
      samples = run.start.scaled(by: sampler.initialDeviation)
      input = sampler.networkInput(samples, call: 0)
    }

    /// The state after the next call.
    public mutating func next() -> DenoisingState? {
      let timesteps = sampler.timesteps
      guard index < timesteps.count else { return nil }
      let timestep = timesteps[index]
      let output = run.denoiser(input, [Float](repeating: timestep, count: input.shape[0]))
      // Crowded noise levels can share a whole timestep.
      let earlier = timesteps[..<index].count { Int($0) == Int(timestep) }
      let noise = run.noise
      samples = sampler.step(output, from: samples, call: index) { noise.step(Int(timestep), repetition: earlier) }
      input = index + 1 < timesteps.count ? sampler.networkInput(samples, call: index + 1) : samples
      defer { index += 1 }
      return DenoisingState(index: index, timestep: timestep, samples: input)
    }
  }

  /// A pass from the start.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// The number of calls.
  public var underestimatedCount: Int { sampler.timesteps.count }

  /// The samples after the last call.
  public func finished() -> Tensor { reduce(start) { $1.samples } }
}

extension Sampler {
  /// The finished samples `[streams.count] + shape`, and, where wanted, the start and the states after each call.
  ///
  /// - Parameters:
  ///   - streams: the random numbers of each sample; it depends on nothing else.
  ///   - shape: that of one sample.
  ///   - batchSize: samples made at a time; they do not depend on it.
  ///   - denoiser: the network for the samples in these places, so that conditions can be looked up.
  public func samples(
    streams: [RandomStream], shape: [Int], batchSize: Int = 64, keepsTrajectory: Bool = false,
    denoiser: (Range<Int>) -> Denoiser
  ) -> (samples: Tensor, trajectory: [Tensor]) {
    require(!streams.isEmpty, "at least one sample must be asked for")
    let batches = streams.indices.chunks(ofCount: batchSize).map { range -> [Tensor] in
      let noise = SampleNoise(streams: Array(streams[range]), shape: shape)
      let run = Denoising(self, noise: noise, denoiser: denoiser(range))
      return keepsTrajectory ? [run.start] + run.map(\.samples) : [run.finished()]
    }
    let states = batches[0].indices.map { state in concatenated(batches.map { $0[state] }, along: 0) }
    return (states[states.count - 1], keepsTrajectory ? states : [])
  }
}
