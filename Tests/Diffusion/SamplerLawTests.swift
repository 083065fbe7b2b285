import LineupDiffusion
import LineupFormats
import LineupTensors
import Testing

/// A sampler that forgets the noise of each step, to show that the laws below would notice.
private struct NoiselessSampler: Sampler {
  var inner: any Sampler
  var timesteps: [Float] { inner.timesteps }

  mutating func step(_ output: Tensor, from sample: Tensor, call: Int, noise: () -> Tensor) -> Tensor {
    inner.step(output, from: sample, call: call) { .zeros(sample.shape) }
  }

  func noised(_ clean: Tensor, noise: Tensor, call: Int) -> Tensor { inner.noised(clean, noise: noise, call: call) }
}

@Suite struct SamplerLawTests {
  private func statistics(_ samples: Tensor) -> (mean: Double, deviation: Double) {
    let values = samples.values.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }

  private func sampler(
    _ rule: SamplerRule, _ data: GaussianData, steps: Int? = nil, eta: Double = 0
  ) throws -> any Sampler {
    try SamplerOptions(name: rule, steps: steps, eta: eta).sampler(over: data.schedule, prediction: .epsilon)
  }

  private func samples(_ sampler: any Sampler, _ data: GaussianData, count: Int) -> Tensor {
    let noise = SampleNoise(RandomStream(seed: 21), samples: 0..<count, shape: [1])
    return Denoising(sampler, noise: noise, denoiser: data.noise).finished()
  }

  @Test func ancestralSamplingReproducesMeanAndDeviation() throws {
    // Many timesteps: over 200 the posterior's variance alone makes the samples five percent too narrow.
    let data = GaussianData(schedule: .linearRescaled(timesteps: 1000))
    let found = statistics(samples(try sampler(.ddpm, data), data, count: 4000))
    #expect(abs(found.mean - data.mean) < 0.015)
    #expect(abs(found.deviation / data.deviation - 1) < 0.035)
  }

  @Test func ancestralSamplingWithoutNoiseBreaksTheLaw() throws {
    let data = GaussianData(schedule: .linearRescaled(timesteps: 200))
    let found = statistics(samples(NoiselessSampler(inner: try sampler(.ddpm, data)), data, count: 2000))
    #expect(found.deviation / data.deviation < 0.5)
  }

  @Test(arguments: [0, 0.5, 1]) func implicitSamplingReproducesMeanAndDeviation(_ eta: Double) throws {
    let data = GaussianData(schedule: .cosine(timesteps: 1000))
    let found = statistics(samples(try sampler(.ddim, data, steps: 100, eta: eta), data, count: 8000))
    #expect(abs(found.mean - data.mean) < 0.012)
    #expect(abs(found.deviation / data.deviation - 1) < 0.06)
  }

  /// What a rule leaves of the error when the steps grow from 32 to 128, and the relative error that it then has. Rules of
  /// first order leave a quarter and those of second order a sixteenth, or a little more: the last step, down to no noise at
  /// all, holds them back. LCM is exact with the network that it is for.
  private static let orders: [SamplerRule: (left: Double, error: Double)] = [
    .ddim: (0.28, 0.04), .euler: (0.28, 0.04), .ddpm: (0.38, 0.08), .eulerAncestral: (0.38, 0.08),
    .pndm: (0.35, 2.5e-3),
    .heun: (0.14, 7e-3), .unipc: (0.07, 4e-3), .dpmSolver: (0.02, 1e-3), .dpmSolverSDE: (0.46, 0.02),
    .lcm: (.infinity, 1e-5),
  ]

  /// The samples' deviation nears the data's with the number of steps, as fast as the rule's order says.
  @Test(arguments: SamplerRule.allCases) func everyRuleNearsTheLawAtItsOrder(_ rule: SamplerRule) throws {
    let data = GaussianData(schedule: .linear(timesteps: 1024))
    let laws = try (rule == .lcm ? [8, 32] : [32, 128]).map { steps in
      data.law(try sampler(rule, data, steps: steps), distilled: rule == .lcm)
    }
    let errors = laws.map { abs($0.deviation / data.deviation - 1) }
    let expected = Self.orders[rule, default: (0.5, 0.1)]
    #expect(errors[1] < expected.error && errors[1] < expected.left * errors[0], "\(errors)")
    // The schedule leaves 0.6 % of the picture in its last timestep, which samples begin without.
    #expect(laws.allSatisfy { abs($0.mean - data.mean) < 0.0015 }, "\(laws)")
  }

  /// With the same noise, Euler's rule over σ is DDIM over ᾱ.
  @Test func eulersRuleIsImplicitSampling() throws {
    let data = GaussianData(schedule: .cosine(timesteps: 1000))
    let euler = samples(try sampler(.euler, data, steps: 25), data, count: 20)
    let ddim = samples(try sampler(.ddim, data, steps: 25), data, count: 20)
    #expect(zip(euler.values, ddim.values).allSatisfy { abs($0 - $1) < 2e-3 })
  }

  /// With the best network, DDIM is a linear map of the noise. Its slope nears the exact one, σ, at first order.
  @Test func implicitSamplingIsOfFirstOrder() throws {
    let data = GaussianData(schedule: .linear(timesteps: 1024))
    let errors = try [32, 64, 128].map { steps -> Double in
      let noise = SampleNoise(RandomStream(seed: 0), samples: 0..<1, shape: [2])
      let ends = Denoising(
        try sampler(.ddim, data, steps: steps), noise: noise, from: Tensor([-1, 1], shape: [1, 2]),
        denoiser: data.noise
      ).finished().values
      return abs(Double(ends[1] - ends[0]) / 2 - data.deviation)
    }
    #expect((1.6...2.5).contains(errors[0] / errors[1]), "errors \(errors)")
    #expect((1.6...2.5).contains(errors[1] / errors[2]), "errors \(errors)")
  }

  /// States are told in order, at unit variance: over σ too they shrink from noise to the data's deviation.
  @Test(arguments: SamplerRule.allCases) func statesLeadFromNoiseToThePicture(_ rule: SamplerRule) throws {
    let data = GaussianData(schedule: .linear(timesteps: 1000))
    let sampler = try sampler(rule, data, steps: 20)
    let noise = SampleNoise(RandomStream(seed: 3), samples: 0..<500, shape: [1])
    let states = Array(Denoising(sampler, noise: noise, denoiser: data.noise))
    #expect(states.map(\.timestep) == sampler.timesteps && states.map(\.index) == Array(sampler.timesteps.indices))
    let deviations = states.map { statistics($0.samples).deviation }
    #expect(deviations.allSatisfy { $0 < 1.2 } && deviations[0] > 0.8)
    #expect(deviations[states.count - 1] < 0.4)
  }

  /// However samples are cut into batches, each is the same.
  @Test(arguments: SamplerRule.allCases) func samplesDoNotDependOnTheBatch(_ rule: SamplerRule) throws {
    let data = GaussianData(schedule: .linear(timesteps: 40))
    let sampler = try sampler(rule, data, steps: rule == .ddpm ? nil : 8, eta: rule == .ddim ? 0.5 : 0)
    func samples(_ count: Int, batchSize: Int = 64) -> (samples: Tensor, trajectory: [Tensor]) {
      sampler.samples(
        streams: (0..<count).map { RandomStream(seed: 4).split($0) }, shape: [2, 2, 1], batchSize: batchSize,
        keepsTrajectory: true
      ) { _ in data.noise }
    }
    let (together, apart) = (samples(7), samples(7, batchSize: 3))
    #expect(together.samples.values == apart.samples.values)
    #expect(together.trajectory.map(\.values) == apart.trajectory.map(\.values))
    #expect(together.trajectory.count == [.ddpm: 41, .heun: 16, .pndm: 10][rule, default: 9])
    #expect(together.trajectory.last?.values == together.samples.values)
    #expect(samples(2).samples.values == Array(together.samples.values.prefix(8)))
  }
}
