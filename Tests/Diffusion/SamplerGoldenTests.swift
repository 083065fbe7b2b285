import LineupDiffusion
import LineupTensors
import Testing

/// The loop that the test suite of Hugging Face's diffusers runs each of its schedulers through, with its printed sums.
@Suite struct SamplerGoldenTests {
  /// arange(768)/768 as (3, 8, 8, 4) with its axes reversed in the order (3, 0, 1, 2); here channels go last.
  static let start: Tensor = {
    let counted = Tensor((0..<768).map { Float($0) / 768 }, shape: [3, 8, 8, 4])
    return counted.permuted([3, 1, 2, 0])
  }()

  private func sumOfMagnitudes(_ sampler: any Sampler) -> Double {
    let noise = SampleNoise(RandomStream(seed: 0), samples: 0..<4, shape: [8, 8, 3])
    let run = Denoising(sampler, noise: noise, from: Self.start) { x, timesteps in
      x * (timesteps[0] / (timesteps[0] + 1))
    }
    return run.finished().values.reduce(0) { $0 + Double(abs($1)) }
  }

  private func ddim(
    _ schedule: NoiseSchedule, _ prediction: Prediction = .epsilon, finalAlphaBar: Double = 1
  ) throws -> any Sampler {
    var settings = try SamplerOptions(name: .ddim, spacing: .leading)
      .settings(over: schedule, prediction: prediction, clippingTo: 1)
    settings.finalAlphaBar = finalAlphaBar
    return try settings.sampler(steps: 10)
  }

  @Test func ddimGivesThePrintedSums() throws {
    let standard = NoiseSchedule.linear(timesteps: 1000)
    #expect(abs(sumOfMagnitudes(try ddim(standard)) - 172.0067) < 2e-3)
    #expect(abs(sumOfMagnitudes(try ddim(standard, .v)) - 52.5302) < 1e-3)
    let steep = NoiseSchedule.linear(timesteps: 1000, from: 0.01)
    #expect(abs(sumOfMagnitudes(try ddim(steep)) - 149.8295) < 2e-3)
    let first = steep.alphaBar(at: 0)
    #expect(abs(sumOfMagnitudes(try ddim(steep, finalAlphaBar: first)) - 149.0784) < 2e-3)
  }

  @Test func ddimVarianceIsTheReferences() {
    let schedule = NoiseSchedule.linear(timesteps: 1000)
    #expect(abs(schedule.posteriorVariance(at: 420, to: 400) - 0.14771) < 1e-5)
    #expect(abs(schedule.posteriorVariance(at: 980, to: 960) - 0.32460) < 1e-5)
  }

  @Test func fullNoiseMakesDDIMAncestral() throws {
    let schedule = NoiseSchedule.linear(timesteps: 1000)
    let (implicit, ancestral) = try (
      sumOfMagnitudes(
        SamplerOptions(name: .ddim, steps: 25, spacing: .leading, eta: 1).sampler(over: schedule, prediction: .v)),
      sumOfMagnitudes(SamplerOptions(name: .ddpm, steps: 25, spacing: .leading).sampler(over: schedule, prediction: .v))
    )
    #expect(abs(implicit - ancestral) < 1e-3 * ancestral)
  }

  /// The update as the annotated notebook writes it, by hand, against the sampler's.
  @Test func ancestralStepIsTheNotebooks() throws {
    let schedule = NoiseSchedule.linear(timesteps: 300)
    var sampler = try SamplerOptions(name: .ddpm).sampler(over: schedule, prediction: .epsilon)
    #expect(sampler.timesteps == (0..<300).reversed().map(Float.init))
    var random = RandomStream(seed: 5)
    let (x, epsilon, z) = (random.normal([2, 6]), random.normal([2, 6]), random.normal([2, 6]))
    for timestep in [299, 150, 1, 0] {
      let next = sampler.step(epsilon, from: x, call: 299 - timestep) { z }
      let beta = schedule.betas[timestep]
      for index in 0..<12 {
        let mean =
          (Double(x.values[index])
            - beta / (1 - schedule.alphaBar(at: timestep)).squareRoot() * Double(epsilon.values[index]))
          / (1 - beta).squareRoot()
        let noise = schedule.posteriorVariance(at: timestep).squareRoot() * Double(z.values[index])
        #expect(abs(Double(next.values[index]) - (mean + noise)) < 2e-5)
      }
    }
  }
}
