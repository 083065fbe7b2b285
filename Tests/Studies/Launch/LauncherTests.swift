import Foundation
import LineupStudies
import Testing

/// The launcher and its worker processes, with shell scripts in the workers' place.
@Suite struct LauncherTests {
  private let workers: FakeWorkers

  init() throws { workers = try FakeWorkers() }

  private let completed = Launcher.TrialState.done(TrialOutcome(.completed, step: 10))

  @Test func trialsRunInOrderAndOnce() throws {
    let (ending, states) = try workers.launch("say $arm $seed; finish")
    #expect(ending == .completed)
    #expect(states == [completed, completed, completed, completed])
    let order = ["first 1", "second 1", "first 2", "second 2"]
    #expect(workers.told == order)
    // What has an outcome is not run again.
    #expect(try workers.launch("say $arm $seed; finish").ending == .completed)
    #expect(workers.told == order)
  }

  @Test(arguments: [1, 2, 3])
  func noMoreWorkersThanJobs(jobs: Int) throws {
    let (ending, _) = try workers.launch(jobs: jobs, "say + $8; sleep 0.4; say -; finish")
    #expect(ending == .completed)
    var (running, most) = (0, 0)
    for line in workers.told {
      running += line.hasPrefix("+") ? 1 : -1
      most = max(most, running)
    }
    #expect(most == jobs && workers.told.count == 8)
    // Each worker is told how many there are.
    #expect(workers.told.filter { $0.hasPrefix("+") } == [String](repeating: "+ \(jobs)", count: 4))
  }

  @Test func code75StopsTheStudy() throws {
    let (ending, states) = try workers.launch(
      """
      say $arm $seed
      echo '{"phase":"interrupted","step":3,"share":0,"imagesPerSecond":0,"loss":"nan","flopsPerSecond":0,"message":"full"}'
      exit 75
      """)
    #expect(ending == .interrupted(reason: "full"))
    #expect(states == [.waiting, .waiting, .waiting, .waiting])
    #expect(workers.told == ["first 1"])
  }

  @Test func otherCodesAreErrorsAndTheRestGoesOn() throws {
    let (ending, states) = try workers.launch(
      """
      [ $arm$seed = second1 ] && { echo "no such data" >&2; exit 1; }
      [ $arm$seed = first2 ] && exit 3
      finish
      """)
    let errors = ["no such data", "the worker left with code 3 and did not say why"]
    #expect(ending == .failed(reason: "second, seed 1: \(errors[0])\nfirst, seed 2: \(errors[1])"))
    #expect(states == [completed, .error(errors[0]), .error(errors[1]), completed])
  }

  @Test func aWorkerWithoutARecordIsAnError() throws {
    let (_, states) = try workers.launch("[ $arm$seed = first1 ] || finish")
    #expect(states == [.error("the worker left without a record"), completed, completed, completed])
  }

  @Test func aProgramThatCannotStartIsAnError() throws {
    let (ending, states) = workers.launch(executable: "/nowhere/lineup")
    guard case .failed(let reason) = ending else {
      Issue.record("\(ending)")
      return
    }
    #expect(reason.contains("/nowhere/lineup"))
    #expect(states.allSatisfy { if case .error = $0 { true } else { false } })
  }

  /// Step 4, as a worker marks it.
  private let markStep4 = #"printf '\004\000\000\000\000\000\000\000' >"$trial/position""#

  @Test func theFirstTrapIsAnInterruption() throws {
    let (ending, states) = try workers.launch(
      """
      say $arm $seed
      [ $arm$seed = first1 ] && [ ! -e "$trial/deaths.json" ] && { \(markStep4); kill -ILL $$; }
      finish
      """)
    #expect(ending == .completed)
    #expect(states == [completed, completed, completed, completed])
    // The trial goes on before others are begun.
    #expect(workers.told == ["first 1", "first 1", "second 1", "first 2", "second 2"])
  }

  @Test func theSecondTrapInOneStepIsACrash() throws {
    let (ending, states) = try workers.launch(
      """
      say $arm $seed
      [ $arm$seed = second1 ] && { \(markStep4); echo "Fatal error: shapes differ" >&2; kill -ILL $$; }
      finish
      """)
    #expect(ending == .completed)
    let reason = "crash: ended by signal 4 twice in step 5 (Fatal error: shapes differ)"
    let outcome = TrialOutcome(.failed, step: 5, reason: reason)
    #expect(states == [completed, .done(outcome), completed, completed])
    #expect(workers.told == ["first 1", "second 1", "second 1", "first 2", "second 2"])
    // It is an outcome: recorded, and not run again.
    #expect(try workers.study.record(TrialName(arm: "second", seed: 1))?.outcome == outcome)
    #expect(try workers.launch("say again").ending == .completed)
    #expect(!workers.told.contains("again"))
  }

  @Test func aStopLetsWorkersSaveAndStartsNoOthers() throws {
    let (ending, states) = try workers.launch(
      jobs: 2,
      """
      trap 'say saved $arm; exit 75' TERM
      say $arm $seed
      while :; do sleep 0.05; done
      """
    ) { [workers] launcher, _ in if workers.told.count >= 2 { launcher.stop.make() } }
    #expect(ending == .interrupted(reason: "stopped by request"))
    #expect(states == [.waiting, .waiting, .waiting, .waiting])
    #expect(workers.told.sorted() == ["first 1", "saved first", "saved second", "second 1"])
  }

  @Test func progressOfWorkersIsShown() throws {
    var shown: [TrialProgress] = []
    let (ending, _) = try workers.launch(
      """
      echo 'words that are no progress'
      echo '{"phase":"training","step":3,"share":0.5,"imagesPerSecond":2,"loss":0.25,"flopsPerSecond":1}'
      sleep 0.5
      finish
      """
    ) { _, states in
      if case .running(let progress) = states[0] { shown.append(progress) }
    }
    #expect(ending == .completed)
    let expected = TrialProgress(
      phase: .training, step: 3, share: 0.5, imagesPerSecond: 2, loss: 0.25, flopsPerSecond: 1)
    #expect(shown.contains(expected))
  }
}
