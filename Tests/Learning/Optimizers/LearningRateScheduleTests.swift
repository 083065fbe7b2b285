import Foundation
import LineupLearning
import Testing

@Suite struct LearningRateScheduleTests {
  typealias Decay = LearningRateSchedule.Decay

  /// The share of the peak after the warm-up, by the share of what is left of the budget.
  static func closedForm(_ decay: Decay, _ rest: Double) -> Double {
    switch decay {
    case .constant: 1
    case .linear: 1 - rest
    case .cosine: (1 + cos(.pi * rest)) / 2
    }
  }

  private func expect(
    _ schedule: LearningRateSchedule, at progress: Double, is expected: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = abs(schedule.rate(at: progress) - expected) / schedule.peak
    #expect(error < 1e-6, "\(schedule) at \(progress)", sourceLocation: sourceLocation)
  }

  @Test(arguments: Decay.allCases) func followsItsCurve(_ decay: Decay) {
    let schedule = LearningRateSchedule(peak: 3e-4, decay: decay)
    for progress in stride(from: 0.0, through: 1, by: 0.0625) {
      expect(schedule, at: progress, is: 3e-4 * Self.closedForm(decay, progress))
    }
  }

  @Test func theCurvesAreDistinctNumbers() {
    let quarter = Decay.allCases.map { LearningRateSchedule(peak: 1, decay: $0).rate(at: 0.25) }
    #expect(zip(quarter, [1, 0.75, 0.853_553_4]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: Decay.allCases) func endsAtItsFloor(_ decay: Decay) {
    let schedule = LearningRateSchedule(peak: 2, decay: decay, floor: 0.1)
    expect(schedule, at: 0, is: 2)
    expect(schedule, at: 0.5, is: 2 * (0.1 + 0.9 * Self.closedForm(decay, 0.5)))
    expect(schedule, at: 1, is: decay == .constant ? 2 : 0.2)
  }

  /// It rises in a straight line, and the curve then takes what is left of the budget.
  @Test(arguments: Decay.allCases) func warmsUpFirst(_ decay: Decay) {
    let schedule = LearningRateSchedule(peak: 2, decay: decay, warmUp: 0.2, floor: 0.1)
    expect(schedule, at: 0.05, is: 0.5)
    expect(schedule, at: 0.15, is: 1.5)
    expect(schedule, at: 0.2, is: 2)
    expect(schedule, at: 0.6, is: 2 * (0.1 + 0.9 * Self.closedForm(decay, 0.5)))
    expect(schedule, at: 1, is: decay == .constant ? 2 : 0.2)
  }

  /// A first step at a rate of zero would be wasted.
  @Test func theFirstStepIsNotAtZero() {
    expect(LearningRateSchedule(peak: 2, warmUp: 0.2), at: 0, is: 2e-3)
  }

  @Test(arguments: Decay.allCases) func beyondTheBudgetItStaysAtTheEnd(_ decay: Decay) {
    let schedule = LearningRateSchedule(peak: 2, decay: decay, warmUp: 0.5, floor: 0.25)
    #expect(schedule.rate(at: 1.5) == schedule.rate(at: 1))
    #expect(LearningRateSchedule(peak: 2, decay: decay, warmUp: 1).rate(at: 1) == 2)
  }
}
