import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupStrictJSON
import LineupSupport

extension Launcher {
  /// Measures what every arm costs, one arm after the other with nothing beside it, and real images against real ones.
  /// What was measured for this specification before is kept.
  package func measureCosts(announce: (String) -> Void) throws {
    if study.specification.hasImages, !Folder.exists(study.folder.real) {
      try work(["--real"], arm: study.specification.arms[0].name)
    }
    for arm in study.specification.arms {
      let path = study.folder.timing(arm.name)
      if let earlier = try? JSONFile.read(ArmTiming.self, from: path),
        earlier.specificationHash == study.resolved.sha256
      {
        continue
      }
      announce(arm.label)
      try work(["--timing"], arm: arm.name)
    }
  }

  private func work(_ options: [String], arm: String) throws {
    let seed = study.specification.seeds[0]
    let worker = try WorkerProcess(
      executable: executable, arguments: ["work", study.folder.path, "--arm", arm, "--seed", "\(seed)"] + options,
      trial: TrialName(arm: arm, seed: seed))
    while worker.isRunning {
      if isStopping { worker.stop() }
      usleep(20_000)
    }
    worker.drain()
    if isStopping { throw StudyError.stopped }
    let (code, signal) = worker.ending
    guard code == 0, signal == nil else {
      throw StudyError.unsuitable("The costs of \(arm) could not be measured: \(worker.errorText)")
    }
  }
}

extension Study {
  /// Writes an arm's timings beside the records.
  package func record(_ timing: ArmTiming) throws {
    try Folder.make(folder.records)
    try JSONFile.write(timing, to: folder.timing(timing.arm))
  }

  /// Measures real images against real ones: the row that all others are read against.
  package func measureReal() throws {
    guard case .images(let splits) = try TrialData(specification.data) else { return }
    try Folder.make(folder.records)
    let metrics = RealImages.againstReal(
      splits, evaluation: specification.evaluation, datasetName: specification.data.name)
    try JSONFile.write(metrics, to: folder.real)
  }
}

extension Specification {
  /// Whether the data are images, not points.
  var hasImages: Bool { Dataset.pointMixture(data.name) == nil }
}
