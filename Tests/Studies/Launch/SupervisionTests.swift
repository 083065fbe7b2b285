import Foundation
import LineupStudies
import LineupSupport
import Testing

/// What the launcher makes of workers that die, with shell scripts in the workers' place.
@Suite struct SupervisionTests {
  private let workers: FakeWorkers

  init() throws { workers = try FakeWorkers() }

  private let completed = Launcher.TrialState.done(TrialOutcome(.completed, step: 10))

  /// The events that the launcher left in a trial's journal.
  private func journal(_ arm: String, _ seed: UInt64) -> String {
    let path = workers.study.folder.trial(TrialName(arm: arm, seed: seed)).log
    return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  @Test func killsInSetUpEndInAnInterruptionThatSaysSo() throws {
    let start = Clock.seconds
    let (ending, states) = try workers.launch("[ $arm$seed = first1 ] && { say died; kill -KILL $$; }; finish")
    let reason = "6 workers died without getting further, the last one killed from outside by signal 9 in set-up"
    #expect(ending == .interrupted(reason: "first, seed 1: \(reason)"))
    // The others have their outcomes.
    #expect(states == [.interrupted(reason), completed, completed, completed])
    #expect(workers.told.count == 6)
    // Pauses of 0, 1, 2, 4 and 8 twentieths of a second.
    #expect(Clock.seconds - start > 0.75)
    #expect(try workers.study.record(TrialName(arm: "first", seed: 1)) == nil)
    #expect(journal("first", 1).contains("killed from outside by signal 9 in set-up"))
    // Another launch tries again.
    #expect(try workers.launch("finish").ending == .completed)
  }

  @Test func killsBeforeTheTrialHasAFolderCountToo() throws {
    let (ending, _) = try workers.launch(
      #"[ $arm$seed = first1 ] && { rm -r "$trial"; say died; kill -9 $$; }; finish"#)
    guard case .interrupted = ending else {
      Issue.record("\(ending)")
      return
    }
    #expect(workers.told.count == 6)
  }

  @Test func progressBeginsTheCountAnew() throws {
    // Killed twenty times, each time a step further on.
    let (ending, states) = try workers.launch(
      """
      [ $arm$seed = first1 ] || { finish; exit; }
      say died
      step=$(wc -l <"$told")
      [ $step -le 20 ] || { finish; exit; }
      printf "\\\\$(printf %03o $step)\\\\000\\\\000\\\\000\\\\000\\\\000\\\\000\\\\000" >"$trial/position"
      kill -TERM $$
      """)
    #expect(ending == .completed)
    #expect(states[0] == completed)
  }

  @Test func aWorkerThatStrangersAskToStopIsBegunAgain() throws {
    let (ending, states) = try workers.launch(
      """
      say $arm $seed
      [ $arm$seed = first1 ] && [ ! -e "$trial/deaths.json" ] && {
        echo '{"phase":"stopped","step":3,"share":0,"imagesPerSecond":0,"loss":"nan","flopsPerSecond":0}'; exit 75; }
      finish
      """)
    #expect(ending == .completed)
    #expect(states == [completed, completed, completed, completed])
    #expect(workers.told.count == 5)
  }

  @Test(arguments: [
    #"echo "lineup: out of memory: 512 MiB more were needed." >&2; exit 71"#,
    #"echo "Fatal error: failed to allocate 536870912 bytes of memory with alignment 16" >&2; kill -ABRT $$"#,
  ])
  func lackOfMemoryIsAnInterruptionThatSaysWhatIsNeeded(death: String) throws {
    let (ending, states) = try workers.launch("[ $arm$seed = second1 ] && { say died; \(death); }; finish")
    guard case .interrupted(let reason) = ending, case .interrupted = states[1] else {
      Issue.record("\(ending)")
      return
    }
    #expect(reason.contains("second, seed 1: ran out of memory in set-up (") && reason.contains("lineup plan"))
    #expect(reason.contains("512 MiB more") || reason.contains("536870912 bytes"))
    #expect(workers.told == ["died"])
    #expect(states[0] == completed && states[3] == completed)
    #expect(try workers.study.record(TrialName(arm: "second", seed: 1)) == nil)
  }

  @Test func lackOfMemoryBesideOthersIsTriedAgainWithFewer() throws {
    // Memory for one: whoever finds another at work dies.
    let (ending, states) = try workers.launch(
      jobs: 2,
      """
      if mkdir "$study/memory" 2>/dev/null; then sleep 0.4; finish; rmdir "$study/memory"
      else say died; echo "out of memory: all" >&2; exit 71; fi
      """)
    #expect(ending == .completed)
    #expect(states == [completed, completed, completed, completed])
    #expect(workers.told.count == 1)
  }

  @Test func aWorkerWithoutASignIsEndedAndBegunAgain() throws {
    workers.stillLimit = 1
    let (ending, states) = try workers.launch(
      #"[ $arm$seed = first1 ] && [ ! -e "$trial/deaths.json" ] && { say hangs; sleep 100; }; finish"#)
    #expect(ending == .completed)
    #expect(states[0] == completed)
    #expect(workers.told == ["hangs"])
    #expect(journal("first", 1).contains("hung in set-up (it neither reported nor computed for"))
  }

  @Test func whatComputesIsNotHung() throws {
    workers.stillLimit = 1
    // The shell itself counts, for a second or two at least.
    let (ending, _) = try workers.launch(
      "say $arm; i=0; while [ $seed = 1 ] && [ $i -lt 1000000 ]; do i=$((i+1)); done; finish")
    #expect(ending == .completed)
    #expect(workers.told.count == 4)
  }

  @Test func aStoppedWorkerDoesNotHoldUpAStop() throws {
    let start = Clock.seconds
    let (ending, _) = try workers.launch("say $arm; kill -STOP $$") { [workers] launcher, _ in
      if !workers.told.isEmpty { launcher.stop.make() }
    }
    #expect(ending == .interrupted(reason: "stopped by request"))
    #expect(Clock.seconds - start < 15)
  }

  @Test func theCostPassIsTriedAgainAfterAKill() throws {
    try workers.measureCosts(
      """
      say $arm
      [ $arm = first ] && [ $(wc -l <"$told") -le 3 ] && kill -KILL $$
      leaveTiming
      """)
    #expect(workers.told == ["first", "first", "first", "first", "second"])
    // What was measured is kept.
    try workers.measureCosts("say again")
    #expect(!workers.told.contains("again"))
  }

  @Test(arguments: [
    ("exit 3", 1, "The costs of first could not be measured: the worker left with code 3 and did not say why"),
    ("echo no data >&2; exit 1", 1, "The costs of first could not be measured: no data"),
    ("kill -KILL $$", 6, "a worker was killed from outside by signal 9 in set-up"),
    ("echo 'Fatal error: a < b' >&2; kill -ILL $$", 2, "ended by signal 4 in set-up (Fatal error: a < b), twice"),
    ("echo 'out of memory: 3 MiB' >&2; exit 71", 1, "ran out of memory in set-up (out of memory: 3 MiB)"),
  ])
  func aCostPassThatFailsSaysWhy(script: String, times: Int, reason: String) throws {
    let error = try #require(throws: StudyError.self) { try workers.measureCosts("say tried; \(script)") }
    #expect("\(error)".contains(reason), "\(error)")
    #expect(workers.told.count == times)
    // Only what another launch would meet again is an error; the rest is an interruption.
    if case .interrupted = error { #expect(script.contains("KILL") || script.contains("71")) }
    if case .unsuitable = error { #expect(!script.contains("KILL") && !script.contains("71")) }
  }

  @Test func theKernelsCountOfMemoryKillsIsRead() {
    #expect(MemoryKills.count(in: "low 0\noom 3\noom_kill 2\n") == 2)
    #expect(MemoryKills.count(in: "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n") == 0)
    #expect(MemoryKills.count(in: "nothing") == nil)
  }
}
