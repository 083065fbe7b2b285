import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupRunRecords
import LineupStudies
import LineupSupport

/// The samples that a trial's run file keeps. A published study has no run files, so there may be none.
struct StoredTrial {
  /// Samples from the same latents at one moment of training.
  struct Mark {
    /// The share of the budget used by then.
    let share: Double
    let samples: StoredSamples
  }

  let trial: TrialName
  /// The samples that the final figures were measured on; nil for trials that never came so far.
  let final: StoredSamples?
  let marks: [Mark]

  /// Nil where there is no run file.
  ///
  /// - Throws: where it is damaged.
  init?(_ trial: TrialName, in folder: StudyFolder, budget: Budget) throws(Fault) {
    guard Folder.exists(folder.trial(trial).run) else { return nil }
    let reader = try RunReader(path: folder.trial(trial).run)
    self.trial = trial
    let samples = (try? reader.finalSamples())?.samples
    final = (samples?.shape.first ?? 0) > 0 ? samples : nil
    marks = (try? Self.marks(reader, budget: budget)) ?? []
  }

  private static func marks(_ reader: RunReader, budget: Budget) throws(Fault) -> [Mark] {
    let sampleSteps = try reader.sampleSteps()
    let steps = try reader.steps(of: .evaluation)
    let flops = try reader.integers("flops", of: .evaluation)
    var marks: [Mark] = []
    for (index, step) in sampleSteps.enumerated() {
      let place = steps.firstIndex(of: step)
      let shares = [
        budget.flops.flatMap { limit in place.map { Double(flops[$0]) / limit } },
        budget.steps.map { Double(step) / Double($0) },
      ]
      // Averaged weights are what is measured where a learner keeps them.
      let average = try? reader.fixedSamples(at: index, average: true)
      let samples = if let average { average } else { try reader.fixedSamples(at: index) }
      marks.append(Mark(share: min(1, shares.compactMap { $0 }.max() ?? 0), samples: samples))
    }
    return marks
  }
}

extension StoredSamples {
  /// The images at the given places, where the samples are images; places beyond the last are left out.
  func pictures(at indices: [Int]) -> [Picture] {
    guard shape.count == 4, case .bytes(let bytes) = values else { return [] }
    let size = shape[1] * shape[2] * shape[3]
    return indices.filter { $0 < shape[0] }.map {
      Picture(bytes[$0 * size..<($0 + 1) * size], height: shape[1], width: shape[2], channels: shape[3])
    }
  }

  /// The samples as a batch to measure, where they are images.
  var batch: PixelBatch? {
    guard shape.count == 4, case .bytes(let bytes) = values else { return nil }
    return PixelBatch(height: shape[1], width: shape[2], channels: shape[3], pixels: bytes)
  }

  /// The samples as points of the plane, `[count, 2]`, where they are.
  var points: [Float]? {
    guard shape.count == 2, shape[1] == 2, case .floats(let values) = values else { return nil }
    return values
  }
}
