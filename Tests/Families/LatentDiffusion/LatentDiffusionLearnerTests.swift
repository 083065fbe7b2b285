import Foundation
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct LatentDiffusionLearnerTests {
  typealias Learner = DiffusionLearner

  /// Half of the budget for an autoencoder of two levels, half for a U-Net of two.
  static func options() -> LatentDiffusionOptions {
    var options = LatentDiffusionOptions()
    options.firstStageShare = 0.5
    options.autoencoder.channels = [8, 8]
    options.autoencoder.adversarialStart = 0.9
    options.autoencoder.perceptualWeight = 0
    options.unet.channels = [16, 16]
    options.unet.heads = 2
    options.text.width = 16
    options.text.layers = 1
    options.text.heads = 2
    options.text.contextLength = 8
    options.text.vocabulary = 530
    options.average = 0.9
    options.timesteps = 100
    return options
  }

  static func learner(
    _ options: LatentDiffusionOptions = options(), captions: [String] = captions
  ) -> Learner {
    Learner(
      latents: options, sampleShape: [14, 14, 3], conditions: ConditionData(captions: captions), perceptual: nil,
      random: RandomStream(seed: 1))
  }

  static let captions = [String](repeating: "a red blob", count: 4) + [String](repeating: "a blue blob", count: 4)

  /// Discs in red or blue at random places on black, `[8, 14, 14, 3]`, with captions.
  static func blobs(_ step: Int) -> Batch {
    var random = RandomStream(seed: 7).split(step)
    let images = Tensor(shape: [8, 14, 14, 3]) { pixels in
      pixels.initialize(repeating: -1)
      for image in 0..<8 {
        let (row, column) = (5 + random.integer(below: 4), 5 + random.integer(below: 4))
        for y in 0..<14 {
          for x in 0..<14 where (y - row) * (y - row) + (x - column) * (x - column) <= 18 {
            pixels[((image * 14 + y) * 14 + x) * 3 + (image < 4 ? 0 : 2)] = 1
          }
        }
      }
    }
    return Batch(images: images, labels: [0, 0, 0, 0, 1, 1, 1, 1], captions: captions)
  }

  static func train(_ learner: inout Learner, steps: Range<Int>, of total: Int) {
    for step in steps {
      let report = learner.step(
        on: blobs(step), progress: Double(step) / Double(total), random: RandomStream(seed: 3).split(step))
      #expect(report.isFinite && report.problem(for: learner) == nil)
    }
  }

  @Test func walkIsComplete() {
    expectCompleteWalk(Self.learner())
  }

  @Test func theStagesFollowEachOtherAndTheFirstIsFrozen() {
    var learner = Self.learner()
    let first = learner.step(on: Self.blobs(0), progress: 0.49, random: RandomStream(seed: 1))
    #expect(first.losses.number("reconstruction") != nil && first.losses["diffusion"] == .absent)
    #expect(learner.latentSpace!.latentScale.values == [0])
    let weights = { (learner: Learner, part: String) in
      learner.parameters.filter { $0.name.hasPrefix(part) }.map(\.value.values)
    }
    let before = learner
    let second = learner.step(on: Self.blobs(1), progress: 0.5, random: RandomStream(seed: 2))
    #expect(AutoencoderStage.lossNames.allSatisfy { second.losses[$0] == .absent })
    #expect(second.losses.number("diffusion") != nil)
    #expect(weights(learner, "firstStage") == weights(before, "firstStage"))
    #expect(weights(learner, "denoiser") != weights(before, "denoiser"))
    #expect(learner.latentSpace!.latentScale.values[0] > 0)
    let scale = learner.latentSpace!.latentScale.values
    _ = learner.step(on: Self.blobs(2), progress: 0.6, random: RandomStream(seed: 3))
    #expect(learner.latentSpace!.latentScale.values == scale)
  }

  /// Words decide about the colour, guidance more so, and the pictures are blobs on black.
  @Test func textConditioningIsLearned() {
    var options = Self.options()
    options.autoencoder.adversarialWeight = 0
    var learner = Self.learner(options)
    Self.train(&learner, steps: 0..<800, of: 800)
    func redness(_ caption: String, guidance: Float) -> Float {
      let images = learner.sample(
        SampleRequest(
          count: 16, random: RandomStream(seed: 5), captions: [String](repeating: caption, count: 16),
          guidance: guidance, steps: 10)
      ).images
      let channels = images.mean(overAxes: [0, 1, 2]).values
      return channels[0] - channels[2]
    }
    #expect(redness("a red blob", guidance: 1) > 0.4)
    #expect(redness("a blue blob", guidance: 1) < -0.4)
    #expect(redness("a red blob", guidance: 2) > redness("a red blob", guidance: 1) - 0.05)
    let unguided = learner.sample(SampleRequest(count: 16, random: RandomStream(seed: 5), steps: 10)).images
    // Black with a disc of 57 of 196 pixels in one of three channels has the mean −0.81.
    #expect((-0.88 ... -0.74).contains(unguided.mean().scalar))
  }

  @Test func aRunResumedAcrossTheStagesIsTheSameBitForBit() throws {
    let file = TemporaryFile("stages.safetensors")
    defer { withExtendedLifetime(file) {} }
    let path = file.path
    for stop in [3, 5, 8] {
      var whole = Self.learner()
      Self.train(&whole, steps: 0..<stop, of: 10)
      try Checkpoint.write(&whole, to: path)
      // Other captions at the start: the checkpoint brings the tokenizer along.
      var resumed = Self.learner(captions: ["something else", "something else"])
      try Checkpoint.read(into: &resumed, from: path)
      #expect(resumed.captions!.tokens(of: "a red blob") == whole.captions!.tokens(of: "a red blob"))
      Self.train(&whole, steps: stop..<10, of: 10)
      Self.train(&resumed, steps: stop..<10, of: 10)
      #expect(whole.tensors.map(\.value.values) == resumed.tensors.map(\.value.values), "stopped before step \(stop)")
    }
  }

  @Test func aSampleDoesNotDependOnItsBatch() {
    var learner = Self.learner()
    Self.train(&learner, steps: 0..<12, of: 12)
    let random = RandomStream(seed: 5)
    let together = learner.sample(
      SampleRequest(
        count: 5, random: random, captions: (0..<5).map { Self.captions[2 * $0 % 8] }, guidance: 2, steps: 4))
    let alone = learner.sample(
      SampleRequest(
        count: 2, random: random, firstIndex: 3, captions: [Self.captions[6], Self.captions[0]], guidance: 2, steps: 4))
    expectAgreement(alone.images, together.images.sliced(0, 3..<5), tolerance: 1e-5)
    #expect(together.images.shape == [5, 14, 14, 3])
  }

  @Test func theTrajectoryEndsInTheSamples() {
    let learner = Self.learner()
    let random = RandomStream(seed: 5)
    let result = learner.sample(SampleRequest(count: 2, random: random, steps: 4, keepsTrajectory: true))
    #expect(result.trajectory.count == 5 && result.trajectory[4].values == result.images.values)
    let long = learner.sample(SampleRequest(count: 1, random: random, sampler: "ddpm", keepsTrajectory: true))
    #expect(long.trajectory.count == 21 && long.trajectory[20].values == long.images.values)
  }

  /// Guidance 0 hears nothing of the caption; without captions guidance changes nothing.
  @Test func guidanceLeadsFromTheEmptyCaption() {
    var learner = Self.learner()
    Self.train(&learner, steps: 0..<12, of: 12)
    func images(_ caption: String?, guidance: Float) -> Tensor {
      learner.sample(
        SampleRequest(
          count: 1, random: RandomStream(seed: 5), weights: .raw, captions: caption.map { [$0] } ?? [],
          guidance: guidance, steps: 3)
      ).images
    }
    expectAgreement(images("a red blob", guidance: 0), images(nil, guidance: 1), tolerance: 1e-5)
    expectAgreement(images(nil, guidance: 3), images(nil, guidance: 1), tolerance: 1e-5)
    #expect(images("a red blob", guidance: 3).values != images("a red blob", guidance: 1).values)
  }

  @Test func theFrameIsBlackAndComesOffAgain() {
    let frame = PaddedFrame(sampleShape: [28, 26, 1], multiple: 8)
    #expect(frame.paddedShape == [32, 32, 1])
    var random = RandomStream(seed: 1)
    let images = random.uniform([2, 28, 26, 1])
    let padded = frame.padded(images)
    #expect(padded.shape == [2, 32, 32, 1])
    #expect(padded.sliced(1, 0..<2).values.allSatisfy { $0 == -1 })
    #expect(padded.sliced(2, 29..<32).values.allSatisfy { $0 == -1 })
    expectAgreement(frame.cropped(padded), images, tolerance: 1e-6)
  }

  @Test func reconstructionsHaveTheShapeOfTheImages() {
    let images = Self.blobs(0).images
    #expect(Self.learner().reconstruct(images)?.shape == images.shape)
  }
}
