import Tensors
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
