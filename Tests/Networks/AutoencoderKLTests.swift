import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct AutoencoderKLTests {
  /// Three levels, one block each, on small images.
  static func small(attends: Bool = true) -> AutoencoderKL.Configuration {
    var configuration = AutoencoderKL.Configuration()
    configuration.imageChannels = 2
    configuration.channels = [4, 8, 8]
    configuration.layersPerBlock = 1
    configuration.latentChannels = 3
    configuration.groups = 2
    configuration.midBlockAttention = attends
    return configuration
  }

  @Test(arguments: [true, false])
  func walkIsComplete(attends: Bool) {
    expectCompleteWalk(AutoencoderKL(Self.small(attends: attends), random: RandomStream(seed: 1)))
  }

  @Test func decodingGivesBackTheShape() {
    let model = AutoencoderKL(Self.small(), random: RandomStream(seed: 1))
    var random = RandomStream(seed: 2)
    let (mean, logVariance) = model.encode(random.normal([2, 12, 8, 2]))
    #expect(mean.shape == [2, 3, 2, 3] && logVariance.shape == mean.shape)
    #expect(model.latentShape(of: [12, 8, 2]) == [3, 2, 3])
    #expect(model.decode(mean).shape == [2, 12, 8, 2])
  }

  /// The published network of Stable Diffusion 1 has 83,653,863 numbers under 248 names.
  @Test func stableDiffusionHasItsPublishedSize() {
    let model = AutoencoderKL(AutoencoderKL.Configuration(), random: RandomStream(seed: 1))
    #expect(model.parameterCount == 83_653_863)
    let names = model.parameters.map(\.name)
    #expect(names.count == 248)
    #expect(names.filter { $0.contains("convShortcut.weight") }.count == 4)
    #expect(names.contains("encoder.downBlocks.2.downsamplers.0.conv.weight"))
    #expect(names.contains("decoder.midBlock.attentions.0.toOut.0.bias"))
    #expect(!names.contains("decoder.upBlocks.3.upsamplers.0.conv.weight"))
  }

  /// Weights written by diffusers give its codes, its reconstructions and its gradients.
  @Test func agreesWithDiffusers() throws {
    var model = AutoencoderKL(Self.small(), random: RandomStream(seed: 1))
    try DiffusersNames.plain.load(into: &model, from: NetworkFixtures.file("autoencoder"))
    let golden = try NetworkFixtures.file("autoencoder-golden")
    let images = try golden.tensor("images")
    let noise = try golden.tensor("noise")

    var seen: [String: Tensor] = [:]
    let (loss, gradients) = valueAndGradient(of: &model) { model in
      let (mean, logVariance) = model.encode(images)
      let output = model.decode(mean + exp(logVariance * 0.5) * noise)
      seen = ["mean": mean, "logVariance": logVariance, "output": output].mapValues(\.withoutGradient)
      let divergence = (square(mean) + exp(logVariance) - 1 - logVariance).sum() * 0.5
      return (abs(output - images).sum() + divergence * 0.3) / 2
    }
    seen["loss"] = loss.reshaped(to: [1])
    for (name, value) in seen { try expectAgreement(value, golden.tensor(name), tolerance: 1e-4) }

    var slope = model
    var index = 0
    slope.forEachParameter { _, parameter in
      parameter = gradients.tensors[index]
      index += 1
    }
    // Small gradients are sums of large terms that cancel, so that all are held against the largest.
    let largest = gradients.tensors.flatMap(\.values).map { Swift.abs($0) }.max() ?? 0
    for found in DiffusersNames.plain.exported(slope) {
      let expected = try golden.tensor("gradient." + found.name)
      let worst = zip(found.value.values, expected.values).map { Swift.abs($0 - $1) }.max() ?? .infinity
      #expect(found.value.shape == expected.shape && worst < 1e-4 * largest, "of \(found.name)")
    }
  }
}
