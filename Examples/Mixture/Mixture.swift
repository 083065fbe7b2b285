import LineupFamilies

/// A denoising diffusion model (Ho, Jain and Abbeel 2020) of eight Gaussians on a ring:
/// `swift run -c release lineup-example-mixture [STEPS]`.
@main struct Mixture {
  /// Points of the plane `[batch, 2]` and their timesteps to a prediction of the points' shape.
  struct Denoiser: Module {
    static let timeWidth = 32
    var layers: MultilayerPerceptron

    func callAsFunction(_ noisy: Tensor, at timesteps: [Float]) -> Tensor {
      let time = sinusoidalEmbedding(timesteps, width: Self.timeWidth, order: .sineFirst, shift: 0)
      return layers(concatenated([noisy * 5, time], along: 1))
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("layers", &layers) }
  }

  static func main() throws {
    let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 4000
    let random = RandomStream(seed: 1)
    let ring = PointMixture.ring(deviation: 0.05)
    let schedule = NoiseSchedule.cosine(timesteps: 1000)
    let prediction = Prediction.v
    var denoiser = Trained(
      Denoiser(
        layers: MultilayerPerceptron(
          widths: [2 + Denoiser.timeWidth, 128, 128, 128, 2], slope: 0, random: random.split("weights"))),
      schedule: LearningRateSchedule(peak: 2e-3, decay: .cosine), average: 0.99)

    for step in 0..<steps {
      var stream = random.split("step").split(step)
      let clean = Tensor(ring.points(count: 256, random: stream.split("points")).points, shape: [256, 2])
      let noise = stream.normal([256, 2])
      let timesteps = stream.integers(below: schedule.timesteps, count: 256).map { Int($0) }
      let noisy = schedule.qSample(clean, noise: noise, at: timesteps)
      let target = prediction.target(clean: clean, noise: noise, at: timesteps, schedule: schedule)
      let update = denoiser.step(progress: Double(step) / Double(steps)) { denoiser in
        square(denoiser(noisy, at: timesteps.map { Float($0) }) - target).mean()
      }
      if step % 500 == 0 { print("step \(step): loss \(update.loss.number ?? .nan)") }
    }

    let sampler = try SamplerOptions(steps: 50).sampler(over: schedule, prediction: prediction)
    let streams = (0..<1000).map { random.split("samples").split($0) }
    let trained = denoiser.network(.average)
    let points = sampler.samples(streams: streams, shape: [2]) { _ in { trained($0, at: $1) } }.samples
    report(points, of: ring)
  }

  /// How many points lie within four deviations of a mode, and how many modes have some.
  static func report(_ points: Tensor, of mixture: PointMixture) {
    let values = points.values
    var hits = [Int](repeating: 0, count: mixture.modes.count)
    for index in 0..<points.shape[0] {
      let point = SIMD2(values[2 * index], values[2 * index + 1])
      let near = mixture.modes.firstIndex { mode in
        ((mode - point) * (mode - point)).sum() < 16 * mixture.deviation * mixture.deviation
      }
      if let near { hits[near] += 1 }
    }
    print("\(hits.reduce(0, +)) of \(points.shape[0]) samples lie at \(hits.count { $0 > 0 }) of \(hits.count) modes")
  }
}
