import Foundation
import LineupStudies
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct DeathLedgerTests {
  @Test func theSecondTrapInOneStepIsACrash() {
    var ledger = DeathLedger()
    #expect(ledger.add(Death(step: 41, signal: 4)) == nil)
    #expect(ledger.add(Death(step: 41, signal: 11)) == "crash: ended by signal 11 twice in step 42")
  }

  @Test func trapsInDifferentStepsAreInterruptions() {
    var ledger = DeathLedger()
    for step in 0..<20 { #expect(ledger.add(Death(step: step, signal: 6)) == nil) }
    // Not only the last two deaths count.
    #expect(ledger.add(Death(step: 3, signal: 8)) != nil)
  }

  @Test func theSecondTrapInSetUpIsACrash() {
    var ledger = DeathLedger()
    #expect(ledger.add(Death(step: -1, signal: 4)) == nil)
    #expect(ledger.add(Death(step: -1, signal: 4)) == "crash: ended by signal 4 twice in set-up")
  }

  @Test(arguments: [Int32(1), 2, 9, 10, 15, 24, 25, 30])
  func killsFromOutsideAreNeverACrash(signal: Int32) {
    var ledger = DeathLedger()
    for _ in 0..<500 { #expect(ledger.add(Death(step: 7, signal: signal)) == nil) }
    #expect(ledger.deaths.count <= 100)
  }

  @Test func lackOfMemoryAndHangsAreNeverACrash() {
    var ledger = DeathLedger()
    #expect(ledger.add(Death(step: 7, signal: 4)) == nil)
    for _ in 0..<200 {
      // Also where the signal alone would be a trap's.
      #expect(ledger.add(Death(step: 7, signal: 6, kind: .outOfMemory)) == nil)
      #expect(ledger.add(Death(step: 7, signal: 15, kind: .hang)) == nil)
    }
    // The trap is still remembered.
    #expect(ledger.add(Death(step: 7, signal: 4)) != nil)
  }

  @Test func deathsOfEarlierStatesOfTheProgramAreRead() throws {
    try withTemporaryFolder { path in
      let folder = TrialFolder(path: path)
      let text = #"{"deaths": [{"step": 2, "signal": 9}, {"step": 3, "signal": 4}]}"#
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.deaths))
      #expect(DeathLedger(folder).deaths.map(\.kind) == [.killed, .trap])
    }
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
      _ = ledger.add(Death(step: 2, signal: 6))
      try JSONEncoder().encode(ledger).write(to: URL(fileURLWithPath: folder.deaths))
      var again = DeathLedger(folder)
      #expect(again == ledger)
      #expect(again.add(Death(step: 2, signal: 6)) != nil)
    }
  }
}
