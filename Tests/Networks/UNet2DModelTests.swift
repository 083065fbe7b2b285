import LineupFormats
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct UNet2DModelTests {
  private func configuration() -> UNet2DModel.Configuration {
    UNet2DModel.Configuration(
      imageChannels: 3, channels: [4, 8], layersPerBlock: 1, attends: [false, true], headWidth: 4, groups: 2)
  }

  @Test(arguments: [
    TimestepEmbedding.Features.sinusoids(order: .sineFirst, shift: 1),
    .fourier(deviation: 16, ofLogarithm: true, order: .sineFirst), .learned(count: 10),
  ])
  func walkIsComplete(features: TimestepEmbedding.Features) {
    var shape = configuration()
    shape.network.time.features = features
    shape.network.halving[0] = .residual
    shape.network.doubling[1] = .residual
    shape.network.block.modulation = .scaleAndShift
    var random = RandomStream(seed: 1)
    expectCompleteWalk(UNet2DModel(shape, random: &random))
  }

  /// The network of diffusers' default settings, apart from its widths, has as many numbers as that one:
  /// `UNet2DModel(block_out_channels=(32, 64, 128), layers_per_block=1, …)` with attention in the lower two levels.
  @Test func hasTheSizeOfItsTwin() {
    var random = RandomStream(seed: 1)
    let network = UNet2DModel(
      .init(imageChannels: 3, channels: [32, 64, 128], layersPerBlock: 1, attends: [false, true, true]),
      random: &random)
    #expect(network.parameterCount == 2_786_403)
  }

  /// Each image's prediction is its own affair, and its timestep's.
  @Test func predictionsDoNotMix() {
    var random = RandomStream(seed: 1)
    var network = UNet2DModel(configuration(), random: &random)
    // What begins at zero would hide all.
    network.forEachParameter { _, tensor in tensor = random.normal(tensor.shape).scaled(by: 0.2) }
    let images = random.normal([2, 8, 6, 3])
    let both = network(images, at: [10, 500])
    let second = network(images.sliced(0, 1..<2), at: [500])
    #expect(both.shape == [2, 8, 6, 3])
    #expect(both.sliced(0, 1..<2).values == second.values)
    #expect(network(images.sliced(0, 1..<2), at: [501]).values != second.values)
  }
}
