import LineupFamilies
import LineupTensors
import Testing

@Suite struct HingeLossTests {
  @Test func scoresBeyondTheMarginCostNothing() {
    let real = Tensor([0.5, 3], shape: [2, 1]).gradientSource()
    let loss = HingeLoss.discriminator(real: real, fake: Tensor([-2, 0], shape: [2, 1]))
    #expect(loss.scalar == 0.25 + 0.5)
    #expect(gradient(of: loss, withRespectTo: real).values == [-0.5, 0])
    #expect(HingeLoss.generator(fake: Tensor([-2, 1], shape: [2, 1])).scalar == 0.5)
  }
}
