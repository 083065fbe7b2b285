import LineupTensors
import Testing

@Suite struct GraphTests {
  @Test func aChainOf400000NodesIsReleasedWithoutOverflowingTheStack() {
    var x = Tensor([1, 2], shape: [2]).gradientSource()
    for _ in 0..<400_000 { x = x + 1 }
    #expect(x.values == [400_001, 400_002])
  }

  @Test func aLongChainCanBeDifferentiated() {
    let source = Tensor(1).gradientSource()
    var x = source
    for _ in 0..<100_000 { x = x + 1 }
    #expect(gradient(of: x, withRespectTo: source).scalar == 1)
  }

  @Test func theThirdDerivativeOfAFourthPowerIsExact() {
    let x = Tensor(2).gradientSource()
    let first = gradient(of: square(square(x)), withRespectTo: x)
    let second = gradient(of: first, withRespectTo: x)
    let third = gradient(of: second, withRespectTo: x)
    #expect(first.scalar == 32)
    #expect(second.scalar == 48)
    #expect(third.scalar == 48)
  }

  @Test func aSourceThatIsNotUsedGetsZeros() {
    let x = Tensor([1, 2], shape: [2]).gradientSource()
    let unused = Tensor([3], shape: [1]).gradientSource()
    let found = gradients(of: square(x).sum(), withRespectTo: [x, unused])
    #expect(found[0].values == [2, 4])
    #expect(found[1].values == [0])
  }

  @Test func copiesDoNotShareChanges() {
    var a = Tensor([1, 2, 3], shape: [3])
    let b = a
    a.withMutableValues { $0[0] = 9 }
    #expect(a.values == [9, 2, 3])
    #expect(b.values == [1, 2, 3])
  }

  @Test func plainDataIsNotRecorded() {
    let y = silu(Tensor([1, 2], shape: [2]) * 3)
    #expect(!y.carriesGradient)
  }
}

@Suite struct ResamplingTests {
  @Test func linearInterpolationMatchesPyTorch() {
    // torch.nn.functional.interpolate([[1, 2], [3, 5]], size=(3, 4), mode="bilinear", align_corners=False)
    let image = Tensor([1, 2, 3, 5], shape: [1, 2, 2, 1])
    let expected: [Float] = [1, 1.25, 1.75, 2, 2, 2.375, 3.125, 3.5, 3, 3.5, 4.5, 5]
    let resized = image.resizedBilinear(height: 3, width: 4).values
    for (value, golden) in zip(resized, expected) { #expect(abs(value - golden) < 1e-6) }
  }

  @Test func poolingTakesTheLargestOfEachBlock() {
    let image = Tensor((0..<16).map { Float($0 * 7 % 16) }, shape: [1, 4, 4, 1])
    #expect(image.maximumPooled(by: 2).values == [12, 14, 15, 13])
  }
}
