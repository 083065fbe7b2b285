import Foundation
import LineupFamilies
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// One step of a GAN on points of the plane, against networks and losses written here in double precision.
@Suite struct AdversarialStepTests {
  static let points = Tensor([0.9, 0.1, -0.4, 0.8, -0.7, -0.6, 0.2, -1], shape: [4, 2])

  static func learner(r1: Double) -> AdversarialLearner {
    var options = AdversarialOptions()
    (options.latentSize, options.pointLayers, options.learningRate) = (2, [3], 1e-3)
    (options.r1, options.average) = (r1, 0)
    return AdversarialLearner(options: options, sampleShape: [2], random: RandomStream(seed: 21))
  }

  /// Both networks of a learner, and its losses at these points and the latents of a step.
  struct Game {
    var generator: Perceptron
    var discriminator: Perceptron
    let real = AdversarialStepTests.points.rows

    init(_ learner: AdversarialLearner) {
      generator = Perceptron(learner.parameters.filter { $0.name.hasPrefix("generator") }, slope: 0)
      discriminator = Perceptron(learner.parameters.filter { $0.name.hasPrefix("discriminator") }, slope: 0.2)
    }

    static func latents(_ random: RandomStream, _ purpose: String) -> [[Double]] {
      var stream = random.split(purpose)
      return stream.normal([4, 2]).rows
    }

    /// E[softplus(−D(x)) + softplus(D(G(z)))] (Goodfellow et al. 2014, equation 1, turned into a loss).
    func discriminatorLoss(_ latents: [[Double]]) -> Double {
      let fake = latents.map(generator.callAsFunction)
      return mean(real.map { softplus(-discriminator($0)[0]) }) + mean(fake.map { softplus(discriminator($0)[0]) })
    }

    /// E‖∇D(x)‖² over the real points, by differences: between its kinks, D is a straight line.
    var squaredSlope: Double {
      mean(
        real.map { point in
          point.indices.reduce(0) { sum, axis in
            func moved(_ amount: Double) -> Double {
              var copy = point
              copy[axis] += amount
              return discriminator(copy)[0]
            }
            let slope = (moved(1e-4) - moved(-1e-4)) / 2e-4
            return sum + slope * slope
          }
        })
    }

    /// The non-saturating loss E[softplus(−D(G(z)))].
    func generatorLoss(_ latents: [[Double]]) -> Double {
      mean(latents.map { softplus(-discriminator(generator($0))[0]) })
    }
  }

  /// Every reported number, and the gradients that both networks were moved along; with other random numbers, other fakes.
  @Test(arguments: [0, 0.5], [31, 32] as [UInt64]) func aStepIsThePapers(_ r1: Double, _ seed: UInt64) throws {
    let random = RandomStream(seed: seed)
    var learner = Self.learner(r1: r1)
    let before = Game(learner)
    let report = learner.step(on: Batch(images: Self.points), progress: 0, random: random)
    let after = Game(learner)
    func reported(_ name: String) -> Double? { report.losses[name]?.number }

    let latents = Game.latents(random, "discriminator")
    let scores = (
      real: before.real.map { before.discriminator($0)[0] },
      fake: latents.map { before.discriminator(before.generator($0))[0] }
    )
    expectClose(reported("discriminator"), before.discriminatorLoss(latents))
    if r1 > 0 { expectClose(reported("r1"), r1 * before.squaredSlope) } else { #expect(report.losses["r1"] == .absent) }
    expectClose(reported("real"), mean(scores.real.map { 1 / (1 + exp(-$0)) }))
    expectClose(reported("fake"), mean(scores.fake.map { 1 / (1 + exp(-$0)) }))
    #expect(reported("accuracy") == Double(scores.real.count { $0 > 0 } + scores.fake.count { $0 < 0 }) / 8)
    try expectStep(from: before.discriminator, to: after.discriminator, norm: report.updates["discriminator"]?.norm) {
      var game = before
      game.discriminator = $0
      return game.discriminatorLoss(latents) + r1 * game.squaredSlope
    }

    // The generator plays against the discriminator as it is now, with latents of its own.
    let others = Game.latents(random, "generator")
    var game = before
    game.discriminator = after.discriminator
    expectClose(reported("generator"), game.generatorLoss(others))
    try expectStep(from: before.generator, to: after.generator, norm: report.updates["generator"]?.norm) {
      game.generator = $0
      return game.generatorLoss(others)
    }
  }

  /// Adam's first step moves every weight by the rate, against the sign of its gradient; and the reported norm is that of
  /// the loss written here.
  private func expectStep(
    from before: Perceptron, to after: Perceptron, norm: Double?, of loss: (Perceptron) -> Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let gradient = before.numbers.indices.map { index -> Double in
      func moved(_ amount: Double) -> Double {
        var copy = before
        copy.numbers[index] += amount
        return loss(copy)
      }
      return (moved(1e-5) - moved(-1e-5)) / 2e-5
    }
    expectClose(norm, gradient.reduce(0) { $0 + $1 * $1 }.squareRoot(), sourceLocation: sourceLocation)
    let moves = zip(before.numbers, after.numbers).map { $1 - $0 }
    let clear = gradient.indices.filter { abs(gradient[$0]) > 1e-4 }
    #expect(clear.count > gradient.count / 2, sourceLocation: sourceLocation)
    for index in clear {
      let expected = gradient[index] > 0 ? -1e-3 : 1e-3
      #expect(abs(moves[index] - expected) < 1e-5, "of weight \(index)", sourceLocation: sourceLocation)
    }
  }

  private func expectClose(_ found: Double?, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(abs((found ?? .nan) - expected) < 2e-5 * max(1, abs(expected)), sourceLocation: sourceLocation)
  }
}

private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// Fully connected layers in double precision.
struct Perceptron {
  /// Inputs and outputs of each layer.
  private let sizes: [(inputs: Int, outputs: Int)]
  private let slope: Double
  /// Weights `[inputs, outputs]` and biases of each layer, one after the other.
  var numbers: [Double]

  init(_ parameters: [NamedTensor], slope: Double) {
    sizes = parameters.map(\.value).filter { $0.rank == 2 }.map { ($0.shape[0], $0.shape[1]) }
    numbers = parameters.flatMap { $0.value.values.map(Double.init) }
    self.slope = slope
    precondition(sizes.count == 2 && numbers.count == sizes.reduce(0) { $0 + ($1.inputs + 1) * $1.outputs })
  }

  func callAsFunction(_ input: [Double]) -> [Double] {
    var (activations, offset) = (input, 0)
    for (layer, size) in sizes.enumerated() {
      let biases = offset + size.inputs * size.outputs
      activations = (0..<size.outputs).map { output in
        let sum = (0..<size.inputs).reduce(numbers[biases + output]) {
          $0 + activations[$1] * numbers[offset + $1 * size.outputs + output]
        }
        return layer + 1 < sizes.count && sum < 0 ? slope * sum : sum
      }
      offset = biases + size.outputs
    }
    return activations
  }
}

extension Tensor {
  /// The rows of a matrix.
  fileprivate var rows: [[Double]] {
    (0..<shape[0]).map { row in values[row * shape[1]..<(row + 1) * shape[1]].map(Double.init) }
  }
}
