import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct WalkTests {
  /// Reflection sees all stored properties and keeps the hand-written walks honest.
  @Test func everyLayerShowsEveryStoredTensorOnce() {
    var random = RandomStream(seed: 1)
    expectCompleteWalk(Linear(3, to: 2, random: &random))
    expectCompleteWalk(Convolution2D(3, to: 2, random: &random))
    expectCompleteWalk(TransposeConvolution2D(3, to: 2, random: &random))
    expectCompleteWalk(GroupNorm(groups: 2, channels: 4))
    expectCompleteWalk(LayerNorm(4))
    expectCompleteWalk(BatchNorm(4))
    expectCompleteWalk(Embedding(4, width: 2, random: &random))
    expectCompleteWalk(MultiHeadAttention(width: 4, heads: 2, random: &random))
  }

  @Test func namesArePropertyPaths() {
    var random = RandomStream(seed: 1)
    let attention = MultiHeadAttention(width: 4, heads: 2, random: &random)
    #expect(
      attention.parameters.map(\.name) == [
        "toQuery.weight", "toKey.weight", "toValue.weight", "toOutput.weight", "toOutput.bias",
      ])
  }
}
