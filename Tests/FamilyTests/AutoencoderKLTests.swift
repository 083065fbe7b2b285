import Layers
import Tensors
import TestSupport
import Testing
import VariationalModels

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
}
