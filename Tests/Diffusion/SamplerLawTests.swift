import LineupDiffusion
import LineupFormats
import LineupTensors
import Testing

/// Data from one normal distribution, for which the best network is known in closed form.
private struct GaussianData: Sendable {
  let mean = 0.7
  let deviation = 0.3
  let schedule: NoiseSchedule

  /// E[ε | x_t] = √(1−ᾱ)·(x_t − √ᾱ·μ)/(ᾱ·σ² + 1 − ᾱ).
  func noise(_ x: Tensor, _ timestep: Int) -> Tensor {
    let alphaBar = schedule.alphaBar(at: timestep)
    let factor = (1 - alphaBar).squareRoot() / (alphaBar * deviation * deviation + 1 - alphaBar)
    return x.scaled(by: Float(factor), plus: Float(-factor * alphaBar.squareRoot() * mean))
  }

  func samples(_ sampler: some DiffusionSampler, count: Int) -> Tensor {
    let noise = SampleNoise(RandomStream(seed: 21), samples: 0..<count, shape: [1])
    return Denoising(sampler, prediction: .epsilon, noise: noise) { x, timesteps in
      self.noise(x, Int(timesteps[0]))
    }.finished()
  }
}

/// A sampler that forgets the noise of each step, to show that the laws below would notice.
private struct NoiselessSampler: DiffusionSampler {
  var inner: DDPMSampler
  var schedule: NoiseSchedule { inner.schedule }
  var timesteps: [Int] { inner.timesteps }

  mutating func step(
    _ index: Int, noisy: Tensor, estimate: DenoisingEstimate, noise: () -> Tensor
  ) -> (next: Tensor, clean: Tensor) {
    inner.step(index, noisy: noisy, estimate: estimate) { .zeros(noisy.shape) }
  }
}

@Suite struct SamplerLawTests {
  private func statistics(_ samples: Tensor) -> (mean: Double, deviation: Double) {
    let values = samples.values.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }

  @Test func ancestralSamplingReproducesMeanAndDeviation() {
    // Many timesteps: over 200 the posterior's variance alone makes the samples five percent too narrow.
    let data = GaussianData(schedule: .linearRescaled(timesteps: 1000))
    let found = statistics(data.samples(DDPMSampler(schedule: data.schedule), count: 4000))
    #expect(abs(found.mean - data.mean) < 0.015)
    #expect(abs(found.deviation / data.deviation - 1) < 0.035)
  }

  @Test func ancestralSamplingWithoutNoiseBreaksTheLaw() {
    let data = GaussianData(schedule: .linearRescaled(timesteps: 200))
    let found = statistics(data.samples(NoiselessSampler(inner: DDPMSampler(schedule: data.schedule)), count: 2000))
    #expect(found.deviation / data.deviation < 0.5)
  }

  @Test(arguments: [0, 0.5, 1]) func implicitSamplingReproducesMeanAndDeviation(_ eta: Double) {
    let data = GaussianData(schedule: .cosine(timesteps: 1000))
    let found = statistics(data.samples(DDIMSampler(schedule: data.schedule, steps: 100, eta: eta), count: 8000))
    #expect(abs(found.mean - data.mean) < 0.012)
    #expect(abs(found.deviation / data.deviation - 1) < 0.06)
  }

  /// With the best network, DDIM is a linear map of the noise. Its slope nears the exact one, σ, at first order.
  @Test func implicitSamplingIsOfFirstOrder() {
    let data = GaussianData(schedule: .linear(timesteps: 1024))
    let errors = [32, 64, 128].map { steps -> Double in
      let sampler = DDIMSampler(schedule: data.schedule, steps: steps)
      let noise = SampleNoise(RandomStream(seed: 0), samples: 0..<1, shape: [2])
      let ends = Denoising(sampler, prediction: .epsilon, noise: noise, from: Tensor([-1, 1], shape: [1, 2])) {
        data.noise($0, Int($1[0]))
      }.finished().values
      return abs(Double(ends[1] - ends[0]) / 2 - data.deviation)
    }
    #expect((1.6...2.5).contains(errors[0] / errors[1]), "errors \(errors)")
    #expect((1.6...2.5).contains(errors[1] / errors[2]), "errors \(errors)")
  }

  /// The preview x̂₀ of the last step is the picture, and early previews are blurrier: near the mean.
  @Test func previewsSharpenAlongTheWay() {
    let data = GaussianData(schedule: .cosine(timesteps: 1000))
    let noise = SampleNoise(RandomStream(seed: 3), samples: 0..<500, shape: [1])
    let run = Denoising(DDIMSampler(schedule: data.schedule, steps: 20), prediction: .epsilon, noise: noise) {
      data.noise($0, Int($1[0]))
    }
    let states = Array(run)
    #expect(states.map(\.timestep).first == 999 && states.map(\.index) == Array(0..<20))
    #expect(states[19].clean.values == states[19].samples.values)
    let deviations = states.map { statistics($0.clean).deviation }
    #expect(deviations[1] < 0.1 * deviations[19])
    #expect(zip(deviations, deviations.dropFirst()).allSatisfy { $0 < $1 + 0.01 })
  }

  /// However samples are cut into batches, each is the same.
  @Test(arguments: SamplerOptions.Name.allCases) func samplesDoNotDependOnTheBatch(_ name: SamplerOptions.Name) {
    let data = GaussianData(schedule: .linear(timesteps: 40))
    var plan = SamplingPlan(
      options: SamplerOptions(name: name, steps: 8, eta: 0.5), schedule: data.schedule, prediction: .epsilon,
      sampleShape: [2, 2, 1])
    func samples(_ count: Int) -> (samples: Tensor, trajectory: [Tensor]) {
      plan.samples(streams: (0..<count).map { RandomStream(seed: 4).split($0) }, keepsTrajectory: true) { _ in
        { data.noise($0, Int($1[0])) }
      }
    }
    let together = samples(7)
    plan.batchSize = 3
    let apart = samples(7)
    #expect(together.samples.values == apart.samples.values)
    #expect(together.trajectory.map(\.values) == apart.trajectory.map(\.values))
    #expect(together.trajectory.count == (name == .ddim ? 9 : 41))
    #expect(together.trajectory.last?.values == together.samples.values)
    #expect(samples(2).samples.values == Array(together.samples.values.prefix(8)))
  }
}
