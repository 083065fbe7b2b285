import Foundation
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct DeathLedgerTests {
  @Test func theSecondDeathInOneStepIsACrash() {
    var ledger = DeathLedger()
    #expect(ledger.add(step: 41, signal: 4) == nil)
    #expect(ledger.add(step: 41, signal: 11) == "crash: killed by signal 11 twice in step 42")
  }

  @Test func deathsInDifferentStepsAreInterruptions() {
    var ledger = DeathLedger()
    for step in 0..<20 { #expect(ledger.add(step: step, signal: 9) == nil) }
    // Not only the last two deaths count.
    #expect(ledger.add(step: 3, signal: 9) != nil)
  }

  @Test func fiveDeathsInSetUpAreACrash() {
    var ledger = DeathLedger()
    for _ in 0..<4 { #expect(ledger.add(step: -1, signal: 9) == nil) }
    #expect(ledger.add(step: -1, signal: 9) == "crash: killed by signal 9 in set-up, 5 times")
  }

  @Test func theMarkedStepIsReadBack() throws {
    try withTemporaryFolder { path in
      let folder = TrialFolder(path: path)
      #expect(DeathLedger.markedStep(folder) == -1)
      let position = try NumberFile(folder.position)
      for step in [0, 1_000_000, 7] {
        position.set(step)
        #expect(DeathLedger.markedStep(folder) == step)
      }
    }
  }

  @Test func aMarkCutShortIsSetUp() throws {
    try withTemporaryFolder { path in
      try Data([1, 0, 0]).write(to: URL(fileURLWithPath: TrialFolder(path: path).position))
      #expect(DeathLedger.markedStep(TrialFolder(path: path)) == -1)
    }
  }

  @Test func deathsAreRemembered() throws {
    try withTemporaryFolder { path in
      let folder = TrialFolder(path: path)
      #expect(DeathLedger(folder).deaths.isEmpty)
      var ledger = DeathLedger()
      _ = ledger.add(step: 2, signal: 6)
      try JSONEncoder().encode(ledger).write(to: URL(fileURLWithPath: folder.deaths))
      var again = DeathLedger(folder)
      #expect(again == ledger)
      #expect(again.add(step: 2, signal: 6) != nil)
    }
  }
}
