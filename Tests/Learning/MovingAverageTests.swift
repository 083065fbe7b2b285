import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct MovingAverageTests {
  /// A parameter that is averaged and a buffer that is not.
  private struct Model: Module {
    var weight: Tensor
    var statistic: Tensor

    init(_ weight: Float, statistic: Float = 0) {
      self.weight = Tensor([weight, -weight], shape: [2])
      self.statistic = Tensor([statistic], shape: [1])
    }

    mutating func visit(_ visitor: inout some ModuleVisitor) {
      visitor.parameter("weight", &weight)
      visitor.buffer("statistic", &statistic)
    }
  }

  /// The average after each of some values of a weight that began at 0.
  private static func averages(decay: Float, of weights: [Float]) -> [Float] {
    var average = MovingAverage(of: Model(0), decay: decay)
    return weights.map { weight in
      var model = Model(weight)
      average.update(toward: &model)
      let values = average.applied(to: model).weight.values
      #expect(values[1] == -values[0] && model.weight.values == [weight, -weight])
      return values[0]
    }
  }

  /// The n-th update keeps (1 + n) / (10 + n): 2/11, 3/12, 4/13.
  @Test func earlyUpdatesForgetTheFirstWeights() {
    let found = Self.averages(decay: 0.999, of: [11, 1, 7])
    #expect(zip(found, [9, 3, 3 + 36.0 / 13]).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found)")
  }

  /// From the third update on, a decay of ¼ is less than the warm-up's.
  @Test func theDecayIsTheMostThatIsKept() {
    let found = Self.averages(decay: 0.25, of: [11, 1, 7, 2])
    #expect(zip(found, [9, 3, 6, 3]).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found)")
  }

  @Test func manyUpdatesApproachAConstantAtTheDecaysPace() {
    var (average, model) = (MovingAverage(of: Model(0), decay: 0.9), Model(1))
    // By update 100 the warm-up has long passed 0.9 (it does so at 80).
    for _ in 0..<100 { average.update(toward: &model) }
    var turned = Model(-1)
    let before = average.applied(to: model).weight.values[0]
    for _ in 0..<10 { average.update(toward: &turned) }
    let after = average.applied(to: model).weight.values[0]
    let kept: Float = 0.348_678_44  // 0.9 to the tenth
    #expect(abs(before - 1) < 1e-5 && abs(after - (kept * before - (1 - kept))) < 1e-5)
  }

  @Test func beforeAnyUpdateItIsTheFirstWeights() {
    let average = MovingAverage(of: Model(5), decay: 0.9)
    #expect(average.applied(to: Model(8)).weight.values == [5, -5])
  }

  @Test func whatIsNoParameterStaysTheModelsOwn() {
    var (average, model) = (MovingAverage(of: Model(0, statistic: 3), decay: 0.9), Model(1, statistic: 4))
    average.update(toward: &model)
    let applied = average.applied(to: model)
    #expect(applied.statistic.values == [4] && applied.weight.values != model.weight.values)
  }

  @Test func theWalkShowsTheValuesAndTheCount() {
    struct Integers: ModuleVisitor {
      var found: [String: Int] = [:]
      mutating func integer(_ name: String, _ value: inout Int) { found[name] = value }
    }
    var (average, model) = (MovingAverage(of: Model(0), decay: 0.9), Model(1))
    for _ in 0..<3 { average.update(toward: &model) }
    var integers = Integers()
    average.visit(&integers)
    #expect(integers.found == ["updates": 3])
    expectCompleteWalk(average)
  }
}
