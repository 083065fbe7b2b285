import Foundation
import LineupStudies
import LineupSupport
import Testing

@Suite struct ProgressTableTests {
  private typealias States = [(TrialName, Launcher.TrialState)]

  private func states(_ share: Double, last: Launcher.TrialState = .waiting) -> States {
    [
      (TrialName(arm: "gan", seed: 1), .done(TrialOutcome(.completed, step: 100))),
      (TrialName(arm: "vae", seed: 1), .running(TrialProgress(phase: .training, step: 40, share: share, loss: 0.5))),
      (TrialName(arm: "gan", seed: 2), last),
    ]
  }

  @Test func linesComeEveryTenSecondsAndAtTheEnd() {
    let table = ProgressTable(jobs: 1, isTerminal: false, start: 100)
    #expect(
      table.text(states(0.1), isFinal: false, now: 100)
        == "[0 s] 1 of 3 trials done: vae/1 training \(NumberText.percent(0.1))")
    #expect(table.text(states(0.2), isFinal: false, now: 109) == nil)
    #expect(table.text(states(0.2), isFinal: false, now: 110) != nil)
    #expect(table.text(states(0.2), isFinal: true, now: 111) != nil)
  }

  /// Twenty seconds for a fifth of the budget: seventy for what is left, and a whole trial waits for its turn.
  @Test(arguments: [(1, "2 min 20 s"), (2, "1 min 10 s")])
  func theTimeLeftIsThatOfAllTrials(jobs: Int, left: String) {
    let table = ProgressTable(jobs: jobs, isTerminal: false, start: 0)
    _ = table.text(states(0.1), isFinal: false, now: 0)
    let text = table.text(states(0.3), isFinal: false, now: 20)
    #expect(text == "[20 s] 1 of 3 trials done, about \(left) to go: vae/1 training \(NumberText.percent(0.3))")
  }

  @Test func theTableIsDrawnOverTheLastOne() throws {
    let table = ProgressTable(jobs: 1, isTerminal: true, start: 0)
    let first = try #require(table.text(states(0.1), isFinal: false, now: 0))
    let lines = first.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("arm") && lines[0].contains("budget"))
    #expect(lines[1].hasPrefix("gan") && lines[1].contains("completed   100"))
    #expect(
      lines[2].contains("training") && lines[2].contains("\(NumberText.percent(0.1))") && lines[2].contains("0.5"))
    #expect(lines[3].contains("waiting"))
    #expect(lines[4].hasPrefix("1 of 3 trials done after 0 s"))
    #expect(table.text(states(0.1), isFinal: false, now: 0.4) == nil)
    #expect(table.text(states(0.1), isFinal: false, now: 0.5)?.hasPrefix("\u{1B}[5A") == true)
  }

  @Test func longWordsAreCut() throws {
    let table = ProgressTable(jobs: 1, isTerminal: true, start: 0)
    let reason = String(repeating: "long ", count: 200)
    for state: Launcher.TrialState in [.error(reason), .done(TrialOutcome(.failed, step: 3, reason: reason))] {
      let text = try #require(table.text(states(0.1, last: state), isFinal: true, now: 0))
      #expect(text.contains("long long") && text.count < 1500)
    }
  }

  @Test(arguments: [
    (0.4, "0.4 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3599.4, "59 min 59 s"),
    (3600, "1 h 00 min"),
    (7500, "2 h 05 min"),
  ])
  func durationsAreSaidInWords(seconds: Double, words: String) { #expect(NumberText.duration(seconds) == words) }
}
