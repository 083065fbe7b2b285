import LineupMeasurements
import LineupReports
import LineupStudies

/// A training step and sampling of every arm of an experiment file, from fresh weights.
enum FamilyBenchmarks {
  /// - Parameters:
  ///   - file: an experiment file; its data are replaced by drawn shapes of Fashion-MNIST's size, which need no package.
  ///   - steps: training steps that the median goes over.
  static func run(file: String, profile: String, steps: Int, report: (Measurement) -> Void) throws {
    let settings = [
      #"data={"name":"shapes","size":28,"channels":1,"count":2000}"#, "evaluation.timingSteps=\(steps)",
    ]
    let study = try SpecificationFile(path: file).resolve(profile: profile, settings: settings.map { try Override($0) })
    var sampling: [Measurement] = []
    for arm in study.specification.arms {
      let worker = try TrialWorker(
        study: StudyFolder(path: "unused"), resolved: study, trial: TrialName(arm: arm.name, seed: 1), jobs: 1,
        report: { _ in }, shouldStop: { false })
      let timing = try worker.time()
      report(
        Measurement(
          group: "training step", work: arm.label, milliseconds: timing.stepSeconds * 1e3,
          rate: timing.gigaflopsPerSecond, unit: "GFLOP/s"))
      if let seconds = timing.firstStageStepSeconds {
        report(
          Measurement(
            group: "training step", work: "\(arm.label), first stage", milliseconds: seconds * 1e3,
            rate: 1 / seconds, unit: "steps/s"))
      }
      sampling.append(
        Measurement(
          group: "one sample of a batch", work: arm.label, milliseconds: 1e3 / timing.samplesPerSecond,
          rate: timing.samplesPerSecond, unit: "samples/s"))
    }
    sampling.forEach(report)
  }
}
