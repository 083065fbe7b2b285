import Foundation
import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct VariationalLearnerTests {
  static func options(_ variance: DecoderVariance, beta: Double = 1) -> VariationalOptions {
    var options = VariationalOptions()
    options.channels = [8, 16]
    options.hidden = 32
    options.latentSize = 6
    options.learningRate = 2e-3
    options.average = 0
    options.decoderVariance = variance
    options.beta = beta
    return options
  }

  /// Drawn shapes in grey, `[count, 16, 16, 1]`.
  static let shapes: Tensor = {
    let set = DrawnShapes(side: 16, channels: 1, seed: 3).images(part: "train", count: 512)
    return Tensor(set.floats(Array(0..<512)), shape: [512, 16, 16, 1])
  }()

  /// Trains on batches of 64 in a fixed order; the reports of all steps.
  static func train(
    _ learner: inout VariationalLearner, steps: Int, seed: UInt64 = 2
  ) -> [[String: Double]] {
    let random = RandomStream(seed: seed)
    return (0..<steps).map { step in
      let start = step * 64 % 512
      let report = learner.step(
        on: Batch(images: shapes.sliced(0, start..<start + 64)), progress: Double(step) / Double(steps),
        random: random.split(step))
      return Dictionary(uniqueKeysWithValues: learner.lossNames.map { ($0, report.losses.number($0) ?? .nan) })
    }
  }

  static func learner(_ options: VariationalOptions, seed: UInt64 = 1) -> VariationalLearner {
    VariationalLearner(options: options, sampleShape: [16, 16, 1], random: RandomStream(seed: seed))
  }

  @Test func walkIsComplete() {
    var options = Self.options(.learned)
    options.average = 0.9
    expectCompleteWalk(Self.learner(options))
    expectCompleteWalk(VariationalLearner(options: options, sampleShape: [2], random: RandomStream(seed: 1)))
  }

  /// KL(N(μ, σ²) ‖ N(0, 1)) = ½ (μ² + σ² − 1 − ln σ²); for μ = 1, σ² = 4 and μ = −2, σ² = ¼.
  @Test func divergenceIsTheAnalyticOne() {
    let mean = Tensor([1, -2], shape: [1, 2])
    let logVariance = Tensor([log(4), log(0.25)], shape: [1, 2])
    let expected = 0.5 * (1 + 4 - 1 - log(4)) + 0.5 * (4 + 0.25 - 1 - log(0.25)) as Float
    #expect(abs(kullbackLeibler(mean: mean, logVariance: logVariance).scalar - expected) < 1e-5)
    #expect(kullbackLeibler(mean: .zeros([3, 2]), logVariance: .zeros([3, 2])).values == [0, 0, 0])
  }

  /// Three encodings of one choice in files.
  @Test func decoderVarianceStandsAsAWordOrANumber() throws {
    let cases: [(DecoderVariance, String)] = [
      (.learned, "[\"learned\"]"), (.optimal, "[\"optimal\"]"), (.fixed(0.5), "[0.5]"),
    ]
    for (choice, text) in cases {
      #expect(try String(decoding: JSONEncoder().encode([choice]), as: UTF8.self) == text)
      #expect(try JSONDecoder().decode([DecoderVariance].self, from: Data(text.utf8)) == [choice])
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([DecoderVariance].self, from: Data("[\"best\"]".utf8))
    }
  }

  @Test(arguments: [DecoderVariance.learned, .optimal, .fixed(0.1)])
  func learnsShapes(_ variance: DecoderVariance) {
    var learner = Self.learner(Self.options(variance))
    let reports = Self.train(&learner, steps: 400)
    #expect(reports[399]["loss"]! < reports[0]["loss"]!)
    let reconstructions = learner.reconstruct(Self.shapes)!
    let error = square(reconstructions - Self.shapes).mean().scalar
    let spread = square(Self.shapes - Self.shapes.mean(overAxes: [0], keepingAxes: true)).mean().scalar
    #expect(reconstructions.shape == Self.shapes.shape)
    #expect(error < 0.6 * spread)
    let sigma = reports[399]["decoderVariance"]!
    switch variance {
    case .fixed(let value): #expect(abs(sigma - value) < 1e-6)
    case .optimal: #expect(abs(sigma / Double(error) - 1) < 0.5)
    // It follows the error on its way down.
    case .learned: #expect(sigma > Double(error) * 0.8 && sigma < Double(error) * 2)
    }
  }

  /// The reported parts must add up, and the bound must be the sum of its parts.
  @Test func theLossIsTheSumOfItsParts() {
    var learner = Self.learner(Self.options(.fixed(0.2), beta: 3))
    let report = Self.train(&learner, steps: 1)[0]
    #expect(abs(report["loss"]! - report["nll"]! - 3 * report["kl"]!) < 1e-2)
    #expect(abs(report["elbo"]! + (report["nll"]! + report["kl"]!) / 256) < 1e-4)
  }

  /// A heavier divergence term must make codes less informative. With the sign of the term turned, the divergence would
  /// grow with its weight instead.
  @Test func divergenceFallsAsItsWeightGrows() {
    let divergences = [0.1, 1, 10].map { beta in
      var learner = Self.learner(Self.options(.fixed(0.1), beta: beta))
      return Self.train(&learner, steps: 100).suffix(10).reduce(0) { $0 + $1["kl"]! } / 10
    }
    #expect(divergences[0] > 1.3 * divergences[1] && divergences[1] > 1.3 * divergences[2])
    #expect(divergences[2] < 30)
  }

  @Test func samplesStandAlone() {
    let learner = Self.learner(Self.options(.learned))
    let random = RandomStream(seed: 3)
    let all = learner.sample(SampleRequest(count: 5, random: random)).images
    let last = learner.sample(SampleRequest(count: 2, random: random, firstIndex: 3)).images
    #expect(all.shape == [5, 16, 16, 1])
    #expect(relativeError(all.sliced(0, 3..<5), last) < 1e-5)
  }
}
