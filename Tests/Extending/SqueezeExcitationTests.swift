import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct SqueezeExcitationTests {
  @Test func channelsAreWeighedAsWholes() {
    var random = RandomStream(seed: 1)
    let layer = SqueezeExcitation(8, random: &random)
    expectCompleteWalk(layer)
    let images = random.normal([2, 3, 3, 8])
    let weights = layer(images) / images
    let spread = weights - weights.mean(overAxes: [1, 2], keepingAxes: true)
    #expect(layer(images).shape == images.shape)
    #expect(spread.values.allSatisfy { abs($0) < 1e-4 })
    #expect(weights.values.allSatisfy { $0 > 0 && $0 < 1 })
  }
}
