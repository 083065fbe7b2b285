import LineupFamilies
import LineupLearning
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct ImplicitLearnerTests {
  /// Two pictures: bright left half, bright right half.
  private static let halves = Tensor(
    (0..<32).map { pixel -> Float in pixel % 4 / 2 == pixel / 16 ? 1 : -1 }, shape: [2, 4, 4, 1])

  @Test func itsWalkIsCompleteAndItLearnsBothPictures() {
    var options = ImplicitOptions()
    (options.hidden, options.candidates, options.average, options.learningRate) = (32, 16, 0, 1e-2)
    var learner = ImplicitLearner(options: options, sampleShape: [4, 4, 1], random: RandomStream(seed: 1))
    expectCompleteWalk(learner)
    let random = RandomStream(seed: 2)
    var distances: [Double] = []
    for step in 0..<200 {
      let report = learner.step(
        on: Batch(images: Self.halves), progress: Double(step) / 200, random: random.split(step))
      #expect(report.isFinite)
      distances.append(report.losses.number("distance")!)
    }
    let (early, late) = (distances.prefix(20).reduce(0, +), distances.suffix(20).reduce(0, +))
    #expect(late < 0.2 * early)
    let samples = learner.sample(SampleRequest(count: 64, random: RandomStream(seed: 3))).images
    let brightLeft = samples.sliced(2, 0..<2).mean(overAxes: [1, 2, 3]).values.count { $0 > 0 }
    #expect((8...56).contains(brightLeft), "\(brightLeft) of 64 samples are bright on the left")
  }

  @Test func theFamilyMakesIt() throws {
    let context = LearnerContext(
      facts: StudyFacts(name: "shapes", kind: .images, sampleShape: [4, 4, 1]), random: RandomStream(seed: 1))
    #expect(try Family.implicit.learner(ImplicitOptions(), context) is ImplicitLearner)
  }
}
