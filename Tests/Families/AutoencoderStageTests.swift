import LineupDatasets
import LineupFamilies
import LineupFeatureNetworks
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct AutoencoderStageTests {
  static func stage(adversarialStart: Double = 0.5, klWeight: Double = 1e-6) -> AutoencoderStage {
    var options = AutoencoderOptions()
    options.adversarialStart = adversarialStart
    options.klWeight = klWeight
    var configuration = AutoencoderKL.Configuration()
    configuration.imageChannels = 3
    configuration.channels = [8, 8]
    configuration.layersPerBlock = 1
    configuration.latentChannels = 3
    configuration.groups = 2
    configuration.midBlockAttention = false
    return AutoencoderStage(
      options: options, configuration: configuration,
      perceptual: PerceptualNetwork(channels: 3, classCount: 2, random: RandomStream(seed: 9)),
      random: RandomStream(seed: 1))
  }

  /// Eight drawn shapes, `[8, 16, 16, 3]`.
  static let images: Tensor = {
    let set = DrawnShapes(side: 16, seed: 3).images(part: "train", count: 8)
    return Tensor(set.floats(Array(0..<8)), shape: [8, 16, 16, 3])
  }()

  @Test func walkIsComplete() {
    var stage = Self.stage()
    _ = stage.step(on: Self.images, progress: 0, random: RandomStream(seed: 2))
    // The perceptual network is frozen and not part of the state: three stages and a head, weights and biases.
    #expect(stage.tensors.count == reflectedTensorCount(stage) - 8)
    #expect(Set(stage.tensors.map(\.name)).count == stage.tensors.count)
  }

  @Test func learnsEightImages() {
    var stage = Self.stage(adversarialStart: 1)
    let random = RandomStream(seed: 2)
    var errors: [Double] = []
    for step in 0..<120 {
      let report = stage.step(on: Self.images, progress: Double(step) / 120, random: random.split(step))
      #expect(report.losses.names.sorted() == AutoencoderStage.lossNames.sorted() && report.isFinite)
      errors.append(report.losses.number("reconstruction")!)
    }
    #expect(errors[119] < 0.4 * errors[0])
    let decoded = stage.autoencoder.decode(stage.autoencoder.encode(Self.images).mean)
    #expect(Double(abs(decoded - Self.images).mean().scalar) < 1.3 * errors[119])
  }

  @Test func theDiscriminatorJoinsAfterTheWarmUp() {
    var stage = Self.stage()
    let early = stage.step(on: Self.images, progress: 0.49, random: RandomStream(seed: 2))
    #expect(AutoencoderStage.lossNames[3...].allSatisfy { early.losses[$0] == .absent })
    #expect(early.updates.keys.sorted() == ["autoencoder"])
    let before = stage.parameters.filter { $0.name.hasPrefix("discriminator.") }.map(\.value.values)
    let late = stage.step(on: Self.images, progress: 0.5, random: RandomStream(seed: 3))
    let after = stage.parameters.filter { $0.name.hasPrefix("discriminator.") }.map(\.value.values)
    #expect(AutoencoderStage.lossNames.allSatisfy { late.losses.number($0) != nil })
    #expect(AutoencoderStage.networkNames.allSatisfy { late.updates[$0]!.norm > 0 })
    let weight = late.losses.number("adversarialWeight")!
    #expect(weight > 0 && weight <= 1e4)
    // The last bias may stay: while no score has left the hinge, its two gradients cancel.
    #expect(before.count == 6 && zip(before, after).dropLast().allSatisfy { $0 != $1 })
  }

  /// A heavy divergence term must pull codes to the standard normal: with its sign turned, it would push them away.
  @Test func divergenceFallsUnderItsWeight() {
    var stage = Self.stage(adversarialStart: 1, klWeight: 10)
    let random = RandomStream(seed: 4)
    let divergences = (0..<60).map {
      stage.step(on: Self.images, progress: 0, random: random.split($0)).losses.number("kl")!
    }
    #expect(divergences[59] < 0.2 * divergences[0])
  }
}
