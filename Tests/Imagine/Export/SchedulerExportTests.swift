import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupStrictJSON
import LineupTensors
import Testing

@Suite struct SchedulerExportTests {
  private func settings(_ name: NoiseScheduleName, timesteps: Int, _ prediction: Prediction = .v) -> JSONValue {
    SchedulerExport(schedule: name.schedule(timesteps: timesteps), prediction: prediction).ddim
  }

  @Test func variancesInEqualStepsAreGivenByTheirEnds() {
    let linear = settings(.linear, timesteps: 300)
    #expect(linear["beta_start"] == 1e-4 && linear["beta_end"] == 0.02 && linear["trained_betas"] == .null)
    #expect(linear["beta_schedule"] == "linear" && linear["num_train_timesteps"] == 300)
    let rescaled = settings(.linearRescaled, timesteps: 100)
    #expect(rescaled["beta_start"]?.double == 1e-3 && rescaled["beta_end"]?.double == 0.2)
    #expect(rescaled["trained_betas"] == .null)
  }

  @Test func otherVariancesAreListed() {
    // A rescaled line of 10 timesteps is cut off at 0.9999.
    for (name, timesteps) in [(NoiseScheduleName.cosine, 1000), (.cosine, 7), (.linearRescaled, 10)] {
      let betas = settings(name, timesteps: timesteps)["trained_betas"]?.elements?.map { $0.double }
      #expect(betas == name.schedule(timesteps: timesteps).betas)
    }
  }

  /// Both begin in the same noise and ask the same network, where the number of steps divides that of timesteps.
  @Test(arguments: Prediction.allCases, NoiseScheduleName.allCases)
  func stepsAreThoseOfTheHarnesssSampler(_ prediction: Prediction, _ name: NoiseScheduleName) throws {
    // At the end of a cosine, a predicted ε leaves the picture undetermined.
    if name == .cosine, prediction == .epsilon { return }
    let written = settings(name, timesteps: 100, prediction)
    var published = try SchedulerConfiguration(parsing: Array(written.indentedText.utf8), path: "scheduler_config.json")
      .correctedForPipeline().sampler(steps: 20)
    let network = { (noisy: Tensor, time: Float) in noisy.scaled(by: 0.3, plus: 0.2 + time / 500) }
    let noise = SampleNoise(RandomStream(seed: 1), samples: 0..<1, shape: [4, 4, 3])

    var sample = noise.initial()
    for (call, time) in published.timesteps.enumerated() {
      sample = published.step(network(sample, time), from: sample, call: call) { sample }
    }
    let sampler = try SamplerOptions(name: .ddim, steps: 20)
      .sampler(over: name.schedule(timesteps: 100), prediction: prediction)
    let own = Denoising(sampler, noise: noise) { network($0, $1[0]) }.finished()
    #expect(sampler.timesteps == published.timesteps)
    #expect(abs(sample - own).values.max()! < 1e-4 * abs(own).values.max()!)
  }
}
