import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupStrictJSON
import LineupSupport

extension Launcher {
  /// Measures what every arm costs, one arm after the other with nothing beside it, and real images against real ones.
  /// What was measured for this specification before is kept.
  ///
  /// - Parameter announce: prints a line for people.
  package func measureCosts(announce: (String) -> Void) throws {
    let real = (try? study.realMetrics()) ?? []
    if study.specification.hasImages, real.isEmpty {
      try work(["--real"], arm: study.specification.arms[0].name)
    }
    for arm in study.specification.arms {
      // A damaged one is measured again.
      if (try? study.timing(of: arm.name)) != nil { continue }
      announce("measuring what \(arm.label) costs, alone on the machine …")
      try work(["--timing"], arm: arm.name)
      if let load = try study.timing(of: arm.name)?.coresOfOthers, load > ArmTiming.mostAlone {
        announce("  other programs used \(NumberText.short(load)) processor cores meanwhile; this is recorded")
      }
    }
  }

  /// Lets a worker do one task, and another one where it died.
  private func work(_ options: [String], arm: String) throws {
    let seed = study.specification.seeds[0]
    var restarts = Restarts(pause: restartPause)
    var traps = 0
    while true {
      let worker = try WorkerProcess(
        executable: executable, arguments: ["work", study.folder.path, "--arm", arm, "--seed", "\(seed)"] + options,
        trial: TrialName(arm: arm, seed: seed))
      while worker.look(limit: hangLimit) {
        if stop.isPending { worker.stop() }
        usleep(20_000)
      }
      if stop.isPending { throw StudyError.stopped }
      guard let end = worker.end else { return }
      let failure = "The costs of \(arm) could not be measured"
      switch end {
      case .finished: return
      case .hindered(let reason): throw StudyError.interrupted("\(failure): \(reason)")
      case .error(let text): throw StudyError.unsuitable("\(failure): \(text)")
      case .died(let kind, let signal, let sentence):
        let text = "\(failure): a worker was \(Death(step: -1, signal: signal, kind: kind).description(sentence))"
        if kind == .trap { traps += 1 }
        if traps == 2 { throw StudyError.unsuitable("\(text), twice") }
        guard kind != .outOfMemory, let pause = restarts.pause(afterDeathAt: -1) else {
          throw StudyError.interrupted(text)
        }
        try wait(pause)
      }
    }
  }

  private func wait(_ seconds: Double) throws {
    let end = Clock.seconds + seconds
    while Clock.seconds < end {
      if stop.isPending { throw StudyError.stopped }
      usleep(50_000)
    }
  }
}

/// Real images measured against real ones, as `trials/real.json` has them.
private struct RealRecord: Codable {
  var format = "lineup.real"
  var version = 1
  var metrics: [RecordedMetric]
}

extension Study {
  /// Writes an arm's timings beside the records.
  package func record(_ timing: ArmTiming) throws {
    try Folder.make(folder.records)
    try JSONFile.write(timing, to: folder.timing(timing.arm))
  }

  /// An arm's timings, where they were taken for the arm as it is.
  ///
  /// - Throws: where they are damaged.
  package func timing(of arm: String) throws(Fault) -> ArmTiming? {
    let path = folder.timing(arm)
    guard Folder.exists(path) else { return nil }
    let timing = try JSONFile.read(ArmTiming.self, from: path)
    let isOwn =
      timing.identity.map { $0 == resolved.identity(ofArm: arm) } ?? (timing.specificationHash == resolved.sha256)
    return isOwn ? timing : nil
  }

  /// Measures real images against real ones: the row that all others are read against.
  package func measureReal() throws {
    guard case .images(let splits) = try TrialData(specification.data, pinnedIn: folder) else { return }
    try Folder.make(folder.records)
    let metrics = RealImages.againstReal(
      splits, evaluation: specification.evaluation, datasetName: specification.data.name)
    try JSONFile.write(RealRecord(metrics: metrics), to: folder.real)
  }

  /// Held-out real images measured as if they were samples; empty where nobody measured them.
  ///
  /// - Throws: where the record is damaged.
  package func realMetrics() throws(Fault) -> [RecordedMetric] {
    guard Folder.exists(folder.real) else { return [] }
    do throws(Fault) {
      return try JSONFile.read(RealRecord.self, from: folder.real).metrics
    } catch {
      // Earlier versions wrote the bare list.
      guard let metrics = try? JSONFile.read([RecordedMetric].self, from: folder.real) else { throw error }
      return metrics
    }
  }
}

extension Specification {
  /// Whether the data are images, not points.
  var hasImages: Bool { Dataset.pointMixture(data.name) == nil }
}
