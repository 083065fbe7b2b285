import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

@Suite struct ClippingTests {
  private struct Vector: Module {
    var first = Tensor([1, 1], shape: [2])
    var second = Tensor([1], shape: [1])

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.parameter("first", &first)
      visitor.parameter("second", &second)
    }

    var numbers: [Float] { first.values + second.values }
  }

  /// 3, 0 and 4 over two parameters: a norm of 5.
  private static func gradients(_ numbers: [Float] = [3, 0, 4]) -> Gradients {
    Gradients(tensors: [Tensor(Array(numbers[..<2]), shape: [2]), Tensor([numbers[2]], shape: [1])])
  }

  /// One plain step at a rate of ½ from (1, 1, 1).
  private static func step(
    along gradients: Gradients = gradients(), clippingTo limit: Double?
  ) -> (numbers: [Float], report: Update) {
    var (model, optimizer) = (Vector(), SGD(for: Vector()))
    let report = optimizer.update(&model, along: gradients, learningRate: 0.5, clippingTo: limit)
    return (model.numbers, report)
  }

  @Test func withoutALimitTheWholeGradientIsTaken() {
    let (numbers, report) = Self.step(clippingTo: nil)
    #expect(numbers == [-0.5, 1, -1])
    #expect(report.norm == 5 && !report.clipped && !report.skipped)
  }

  @Test func aLongGradientIsScaledToTheLimit() {
    let (numbers, report) = Self.step(clippingTo: 1.25)
    #expect(numbers == [0.625, 1, 0.5])
    #expect(report.norm == 5 && report.clipped && !report.skipped)
  }

  /// A gradient as long as the limit is not clipped; one of the next length is.
  @Test func theLimitItselfIsAllowed() {
    let (numbers, report) = Self.step(clippingTo: 5)
    #expect(numbers == [-0.5, 1, -1] && !report.clipped && report.norm == 5)
    let next = Self.step(clippingTo: 5.0.nextDown)
    #expect(next.report.clipped)
  }

  @Test func aShortGradientIsNotMadeLonger() {
    let (numbers, report) = Self.step(clippingTo: 50)
    #expect(numbers == [-0.5, 1, -1] && !report.clipped)
  }

  /// Its squares are beyond a `Float`.
  @Test func aHugeGradientIsClippedAndNotSkipped() {
    let (numbers, report) = Self.step(along: Self.gradients([3e30, 0, 4e30]), clippingTo: 5)
    #expect(report.clipped && !report.skipped && abs(report.norm / 5e30 - 1) < 1e-6)
    #expect(zip(numbers, [-0.5, 1, -1]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [nil, 1.0])
  func aGradientThatIsNotFiniteChangesNothing(_ number: Float, _ limit: Double?) {
    var (model, optimizer) = (Vector(), Adam(for: Vector()))
    func update(_ numbers: [Float]) -> Update {
      optimizer.update(&model, along: Self.gradients(numbers), learningRate: 0.5, clippingTo: limit)
    }
    _ = update([3, 0, 4])
    let before = (model.numbers, optimizer.tensors.map(\.value.values))
    let report = update([3, number, 4])
    #expect(report.skipped && !report.clipped && report.norm == .infinity)
    #expect(model.numbers == before.0 && optimizer.tensors.map(\.value.values) == before.1)

    // The step was not counted either: the next one is the second.
    _ = update([3, 0, 4])
    var (other, otherOptimizer) = (Vector(), Adam(for: Vector()))
    for _ in 0..<2 {
      _ = otherOptimizer.update(&other, along: Self.gradients(), learningRate: 0.5, clippingTo: limit)
    }
    #expect(model.numbers == other.numbers)
  }
}
