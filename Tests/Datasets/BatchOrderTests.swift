import LineupDatasets
import LineupFormats
import LineupTensors
import Testing

@Suite struct BatchOrderTests {
  private let random = RandomStream(seed: 5).split("data")

  @Test func everyEpochIsAPermutation() {
    let order = BatchOrder(count: 23, batchSize: 5, random: random, keepsPartialBatch: true)
    #expect(order.batchesPerEpoch == 5)
    var epochs: [[Int]] = []
    for epoch in 0..<4 {
      let indices = (0..<5).flatMap { order.indices(forStep: 5 * epoch + $0) }
      #expect(indices.sorted() == Array(0..<23))
      epochs.append(indices)
    }
    #expect(Set(epochs).count == 4, "epochs must differ")
  }

  @Test func thePartialBatchIsDroppedUnlessAskedFor() {
    let order = BatchOrder(count: 23, batchSize: 5, random: random)
    #expect(order.batchesPerEpoch == 4)
    for step in 0..<12 { #expect(order.indices(forStep: step).count == 5) }
    let epoch = (0..<4).flatMap { order.indices(forStep: $0) }
    #expect(Set(epoch).count == 20)
    let kept = BatchOrder(count: 23, batchSize: 5, random: random, keepsPartialBatch: true)
    #expect(kept.indices(forStep: 4).count == 3)
    #expect(kept.indices(forStep: 3) == order.indices(forStep: 3))
  }

  @Test func askingOutOfOrderChangesNothing() {
    let sequential = BatchOrder(count: 100, batchSize: 7, random: random)
    let expected = (0..<60).map { sequential.indices(forStep: $0) }
    let jumping = BatchOrder(count: 100, batchSize: 7, random: random)
    for step in [59, 0, 31, 13, 14, 13, 58, 1] { #expect(jumping.indices(forStep: step) == expected[step]) }
  }

  @Test func asksFromManyThreadsAgree() async {
    let order = BatchOrder(count: 50, batchSize: 10, random: random)
    let expected = (0..<50).map { BatchOrder(count: 50, batchSize: 10, random: random).indices(forStep: $0) }
    await withTaskGroup(of: (Int, [Int]).self) { group in
      for step in 0..<50 { group.addTask { (step, order.indices(forStep: step)) } }
      for await (step, indices) in group { #expect(indices == expected[step]) }
    }
  }

  @Test func aBatchLargerThanTheSetIsTheSet() {
    let order = BatchOrder(count: 3, batchSize: 64, random: random)
    #expect(order.indices(forStep: 9).sorted() == [0, 1, 2])
  }

  @Test func flipsAreFixedByTheStepAndAboutHalf() {
    let flip = HorizontalFlip(random: random.split("flip"))
    #expect(flip.flags(count: 64, forStep: 3) == flip.flags(count: 64, forStep: 3))
    #expect(flip.flags(count: 64, forStep: 3) != flip.flags(count: 64, forStep: 4))
    let share = Double(flip.flags(count: 10_000, forStep: 0).count { $0 }) / 10_000
    #expect(abs(share - 0.5) < 0.02)
  }
}
