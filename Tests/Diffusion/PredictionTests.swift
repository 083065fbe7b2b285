import LineupDiffusion
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct PredictionTests {
  let schedule = NoiseSchedule.linear(timesteps: 300)
  let timesteps = [0, 40, 150, 299]
  let clean: Tensor
  let noise: Tensor

  init() {
    var random = RandomStream(seed: 11)
    clean = random.uniform([4, 3, 3, 2]) * 2 - 1
    noise = random.normal([4, 3, 3, 2])
  }

  @Test func noisySamplesMixSignalAndNoise() {
    let noisy = schedule.qSample(clean, noise: noise, at: timesteps)
    for (row, timestep) in timesteps.enumerated() {
      let alphaBar = schedule.alphaBar(at: timestep)
      let expected =
        clean.sliced(0, row..<row + 1) * Float(alphaBar.squareRoot())
        + noise.sliced(0, row..<row + 1) * Float((1 - alphaBar).squareRoot())
      #expect(relativeError(noisy.sliced(0, row..<row + 1), expected) < 1e-6)
    }
  }

  /// The right answer of each kind of network gives back the picture and the noise.
  @Test(arguments: Prediction.allCases) func theTargetSplitsIntoPictureAndNoise(_ prediction: Prediction) {
    let noisy = schedule.qSample(clean, noise: noise, at: timesteps)
    let target = prediction.target(clean: clean, noise: noise, at: timesteps, schedule: schedule)
    let estimate = prediction.estimate(target, noisy: noisy, at: timesteps, schedule: schedule)
    #expect(relativeError(estimate.clean, clean) < 1e-5)
    // At timestep 0 the noise is a hundredth of the sample; finding it from x₀ loses as many digits.
    #expect(relativeError(estimate.noise, noise) < 1e-4)
  }

  @Test(arguments: Prediction.allCases) func estimatesAndOutputsAreInverse(_ prediction: Prediction) {
    var random = RandomStream(seed: 12)
    let (output, noisy) = (random.normal([2, 5]), random.normal([2, 5]))
    let estimate = prediction.estimate(output, noisy: noisy, alphaBar: 0.3)
    #expect(relativeError(prediction.output(of: estimate, alphaBar: 0.3), output) < 1e-5)
    // Whatever the network says, picture and noise mix to the sample.
    let mixed = estimate.clean * Float(0.3).squareRoot() + estimate.noise * Float(0.7).squareRoot()
    #expect(relativeError(mixed, noisy) < 1e-5)
  }

  @Test func huberIsHalfTheSquareInsideAndLinearOutside() {
    let (prediction, target) = (Tensor([0.5, -3], shape: [1, 2]), Tensor([0, 0], shape: [1, 2]))
    #expect(abs(DiffusionLoss.huber(prediction, target).scalar - (0.125 + 2.5) / 2) < 1e-6)
    #expect(abs(DiffusionLoss.mse(prediction, target).scalar - (0.25 + 9) / 2) < 1e-6)
    let source = prediction.gradientSource()
    let slope = gradient(of: DiffusionLoss.huber(source, target), withRespectTo: source)
    #expect(relativeError(slope, Tensor([0.25, -0.5], shape: [1, 2])) < 1e-6)
  }

  /// min-SNR-γ weighs one estimate's error alike, whichever way the network put it.
  @Test func minimumSignalToNoiseDoesNotDependOnThePrediction() {
    let weighting = LossWeighting.minimumSignalToNoise(gamma: 5)
    var random = RandomStream(seed: 13)
    let noisy = schedule.qSample(clean, noise: noise, at: timesteps)
    let guess = clean + random.normal(clean.shape) * 0.1
    let estimate = Prediction.x0.estimate(guess, noisy: noisy, at: timesteps, schedule: schedule)
    for (row, timestep) in timesteps.enumerated() {
      let part = { (x: Tensor) in x.sliced(0, row..<row + 1) }
      let alphaBar = schedule.alphaBar(at: timestep)
      let losses = Prediction.allCases.map { prediction in
        let output = prediction.output(
          of: DenoisingEstimate(clean: part(guess), noise: part(estimate.noise)), alphaBar: alphaBar)
        let target = prediction.target(clean: clean, noise: noise, at: timesteps, schedule: schedule)
        return Double(DiffusionLoss.mse(output, part(target)).scalar)
          * weighting.weight(at: timestep, schedule: schedule, prediction: prediction)
      }
      for loss in losses { #expect(abs(loss / losses[0] - 1) < 1e-3) }
    }
    #expect(LossWeighting.uniform.weight(at: 7, schedule: schedule, prediction: .v) == 1)
  }

  @Test func guidanceExtrapolatesAndRescales() {
    var random = RandomStream(seed: 14)
    let (unconditional, conditional) = (random.normal([3, 4, 4, 2]), random.normal([3, 4, 4, 2]))
    let plain = Guidance(scale: 1).combined(unconditional: unconditional, conditional: conditional)
    #expect(relativeError(plain, conditional) < 1e-6)
    let guided = Guidance(scale: 7.5).combined(unconditional: unconditional, conditional: conditional)
    #expect(relativeError(guided, unconditional + (conditional - unconditional) * 7.5) < 1e-6)
    let rescaled = Guidance(scale: 7.5, rescale: 1).combined(unconditional: unconditional, conditional: conditional)
    let variance = { (x: Tensor) in
      square(x - x.mean(overAxes: [1, 2, 3], keepingAxes: true)).mean(overAxes: [1, 2, 3])
    }
    #expect(relativeError(variance(rescaled), variance(conditional)) < 1e-4)
    let half = Guidance(scale: 7.5, rescale: 0.5).combined(unconditional: unconditional, conditional: conditional)
    #expect(relativeError(half, (guided + rescaled) * 0.5) < 1e-5)
  }
}
