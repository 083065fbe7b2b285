import LineupLearning
import LineupTensors
import Testing

@Suite struct LossesTests {
  typealias Value = Losses.Value

  /// Absent, finite and diverged are three different things, whatever they were made of.
  @Test func absentFiniteAndDivergedAreToldApart() {
    #expect(Value(nil as Double?) == .absent && Value(nil as Tensor?) == .absent)
    for number in [0, -3.5, .greatestFiniteMagnitude] as [Double] { #expect(Value(number) == .finite(number)) }
    for number in [Double.nan, .infinity, -.infinity] { #expect(Value(number) == .diverged) }
    #expect(Value(Tensor(1.5)) == .finite(1.5))
    for number in [Float.nan, .infinity, -.infinity] { #expect(Value(Tensor(number)) == .diverged) }
    #expect(Value.absent.number == nil && Value.diverged.number == nil && Value.finite(2).number == 2)
  }

  /// As series keep them: NaN is absent, infinity diverged.
  @Test func theyAreRecordedApart() {
    #expect(Value.absent.recorded.isNaN && Value.diverged.recorded == .infinity && Value.finite(2).recorded == 2)
  }

  @Test func onlyADivergedLossMakesThemNotFinite() {
    #expect((["a": .finite(1), "b": .absent] as Losses).isFinite && Losses(absent: ["a", "b"]).isFinite)
    #expect(!(["a": .finite(1), "b": .diverged] as Losses).isFinite)
    #expect(!(["a": .init(Double.nan)] as Losses).isFinite)
  }

  @Test func theyKeepTheirOrderAndTheirValues() {
    let losses = (["second": .finite(2), "first": .absent] as Losses).and(["third": .diverged])
    #expect(losses.names == ["second", "first", "third"])
    #expect(losses["second"] == .finite(2) && losses["first"] == .absent && losses["third"] == .diverged)
    #expect(losses["fourth"] == nil)
    var changed = losses
    changed["first"] = .finite(5)
    #expect(changed.names == losses.names && changed["first"] == .finite(5))
  }

  @Test func aLossSaidTwiceIsAMistake() async {
    await #expect(processExitsWith: .failure) { _ = (["a": .finite(1)] as Losses).and(["a": .finite(1)]) }
  }
}

@Suite struct StepReportTests {
  private static let learner = RecordingLearner()

  private static func report(_ losses: Losses, _ updates: [String: Update] = [:]) -> StepReport {
    StepReport(losses: losses, updates: updates, learningRate: 1)
  }

  private static func update(norm: Double, clipped: Bool = false, skipped: Bool = false) -> Update {
    Update(norm: norm, clipped: clipped, skipped: skipped, learningRate: 1)
  }

  @Test func aReportAsPromisedHasNoProblem() {
    #expect(Self.report(["loss": .absent]).problem(for: Self.learner) == nil)
    let full = Self.report(["loss": .finite(1)], ["network": Self.update(norm: 1)])
    #expect(full.problem(for: Self.learner) == nil)
  }

  @Test func whatIsMissingOrUnknownIsNamed() throws {
    let few = try #require(Self.report([:]).problem(for: Self.learner))
    #expect(few.contains("nothing of [\"loss\"]"))
    let many = try #require(Self.report(["loss": .absent, "los": .finite(1)]).problem(for: Self.learner))
    #expect(many.contains("[\"los\"]"))
    let strange = Self.report(["loss": .absent], ["stranger": Self.update(norm: 1)])
    #expect(try #require(strange.problem(for: Self.learner)).contains("[\"stranger\"]"))
  }

  @Test func aLossOrAGradientThatIsNotFiniteMakesItNotFinite() {
    #expect(Self.report(["loss": .absent]).isFinite)
    #expect(!Self.report(["loss": .diverged]).isFinite)
    #expect(!Self.report(["loss": .finite(1)], ["network": Self.update(norm: .infinity, skipped: true)]).isFinite)
  }

  @Test func clippedAndSkippedNetworksAreCounted() {
    let report = Self.report(
      [:],
      [
        "a": Self.update(norm: 1, clipped: true), "b": Self.update(norm: 1, clipped: true),
        "c": Self.update(norm: .infinity, skipped: true), "d": Self.update(norm: 1),
      ])
    #expect(report.clipped == 2 && report.skipped == 1)
  }

  /// Series are in the order of the learner's names, with NaN for what was absent.
  @Test func recordsAreInTheOrderOfTheNames() {
    let report = Self.report(["b": .diverged, "a": .finite(3), "c": .absent], ["y": Self.update(norm: 2)])
    let losses = report.recordedLosses(["a", "b", "c"])
    #expect(losses.map(\.name) == ["a", "b", "c"] && losses.prefix(2).map(\.value) == [3, .infinity])
    #expect(losses[2].value.isNaN)
    let norms = report.recordedNorms(["x", "y"])
    #expect(norms.map(\.name) == ["x", "y"] && norms[0].value.isNaN && norms[1].value == 2)
  }

  /// The loop stops a learner that breaks its promise at once.
  @Test func theLoopAcceptsNoSuchReport() async {
    await #expect(processExitsWith: .failure) {
      var learner = RecordingLearner()
      learner.report = { _ in StepReport(losses: [:], updates: [:], learningRate: 1) }
      _ = try TrainingLoopTests.run(TrainingLoopTests.plan(steps: 1), learner: learner)
    }
    await #expect(processExitsWith: .failure) {
      var learner = RecordingLearner()
      learner.report = { _ in
        StepReport(losses: ["loss": .absent, "other": .absent], updates: [:], learningRate: 1)
      }
      _ = try TrainingLoopTests.run(TrainingLoopTests.plan(steps: 1), learner: learner)
    }
  }
}
