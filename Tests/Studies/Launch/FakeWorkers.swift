import Foundation
import LineupMeasurements
import LineupRunRecords
import LineupStrictJSON
import LineupStudies
import LineupTestSupport

/// A study of four trials whose workers are a shell script: `first` and `second` under the seeds 1 and 2, in the order
/// first 1, second 1, first 2, second 2.
///
/// The script finds the study's folder in `$study`, the trial in `$arm` and `$seed`, and its own folder in `$trial`. It can
/// call `finish`, which leaves a record and a run file as a worker that completed does.
final class FakeWorkers {
  private let folder: TemporaryFolder
  private let files: ExperimentFiles
  let study: Study
  /// Seconds without a sign after which a worker counts as hung.
  var stillLimit = 60.0

  init() throws {
    folder = try TemporaryFolder()
    files = try ExperimentFiles(["study.json": Self.specification])
    study = try Study(files.resolve(), results: folder.file("results"), fresh: false)
    try FileManager.default.createDirectory(atPath: study.folder.records, withIntermediateDirectories: true)
    for trial in study.trials { try prepare(trial) }
  }

  private static let specification = """
    { "name": "fake", "data": { "name": "ring" }, "budget": { "steps": 10 }, "seeds": [1, 2],
      "arms": { "first": { "family": "adversarial" }, "second": { "family": "adversarial" } } }
    """

  /// What a worker of the trial would leave, kept aside for the script.
  private func prepare(_ trial: TrialName) throws {
    let record: [String: Any] = [
      "format": "lineup.trial", "version": 1, "study": "fake", "profile": "default",
      "specificationHash": study.resolved.sha256, "arm": trial.arm, "label": trial.arm, "family": "adversarial",
      "usesLabels": false, "seed": trial.seed, "outcome": ["kind": "completed", "step": 10], "steps": 10, "flops": 1,
      "imagesSeen": 1, "parameters": 1, "samplingParameters": 1, "weights": "raw", "metrics": [Any](),
      "otherWeights": [Any](), "costs": [Any](), "lossCurves": [Any](), "metricCurves": [Any](), "nonFinite": 0,
      "clipped": 0, "skipped": 0, "resumes": 0, "dataHash": "0", "provenance": [String: String](),
    ]
    try folder.write("\(trial.arm)-\(trial.seed).json", JSONSerialization.data(withJSONObject: record))
    try FileManager.default.createDirectory(
      atPath: study.folder.trial(trial).path, withIntermediateDirectories: true)
    let recorder = try RunRecorder.create(
      path: folder.file("\(trial.arm)-\(trial.seed).h5"),
      layout: RunLayout(
        runID: "run", study: "fake", family: "adversarial", arm: trial.arm, dataset: "ring", seed: trial.seed,
        configJSON: "{}", configSHA256: study.resolved.sha256,
        trialSHA256: study.resolved.identity(of: trial), sample: .points(dimensions: 2), fixedSampleCount: 1),
      provenance: Provenance())
    try recorder.finish(status: .completed)
  }

  /// Runs the study with workers that do what `script` says.
  ///
  /// - Parameter display: called with the launcher and where the trials stand, as often as the launcher tells.
  func launch(
    jobs: Int = 1, _ script: String, display: (Launcher, [Launcher.TrialState]) -> Void = { _, _ in }
  ) throws -> (ending: Launcher.Ending, states: [Launcher.TrialState]) {
    launch(jobs: jobs, executable: try executable(script), display: display)
  }

  /// A program of this script.
  private func executable(_ script: String) throws -> String {
    let worker = try folder.write(
      "worker",
      """
      #!/bin/sh
      ulimit -c 0
      study=$2 arm=$4 seed=$6 trial=$2/runs/$4/seed-$6 told="\(folder.file("told"))"
      say() { echo "$*" >>"$told"; }
      finish() {
        cp "\(folder.path)/$arm-$seed.json" "$study/trials/$arm-seed-$seed.json"
        cp "\(folder.path)/$arm-$seed.h5" "$trial/run.h5"
      }
      \(script)
      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: worker)
    return worker
  }

  /// Measures costs with workers that do what `script` says; it can call `leaveTiming`, which leaves what a measurement does.
  func measureCosts(_ script: String) throws {
    for arm in study.specification.arms {
      let timing = ArmTiming(
        arm: arm.name, specificationHash: study.resolved.sha256, identity: nil, stepSeconds: 1,
        firstStageStepSeconds: nil,
        imagesPerSecond: 1, gigaflopsPerSecond: 1, flopsPerStep: 1, samplesPerSecond: 1, singleSampleSeconds: 1,
        steps: 1, threads: 1, coresOfOthers: 0)
      try JSONFile.write(timing, to: folder.file("\(arm.name)-timing.json"))
    }
    let worker = try executable(
      "leaveTiming() { cp \"\(folder.path)/$arm-timing.json\" \"$study/trials/$arm-timing.json\"; }\n\(script)")
    try Launcher(study: study, executable: worker, restartPause: 0.05).measureCosts { _ in }
  }

  /// Runs the study with workers of any program.
  func launch(
    jobs: Int = 1, executable: String, display: (Launcher, [Launcher.TrialState]) -> Void = { _, _ in }
  ) -> (ending: Launcher.Ending, states: [Launcher.TrialState]) {
    let launcher = Launcher(
      study: study, jobs: jobs, executable: executable, hangLimit: HangLimit(still: stillLimit), restartPause: 0.05)
    var states: [Launcher.TrialState] = []
    let ending = launcher.run(reusingRecords: false) { shown, _ in
      states = shown.map(\.1)
      display(launcher, states)
    }
    return (ending, states)
  }

  /// The lines that workers left with `say`.
  var told: [String] {
    ((try? String(contentsOfFile: folder.file("told"), encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }
}
