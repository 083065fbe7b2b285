import Algorithms
import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupMeasurements
import LineupNetworks
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// A trial's learner as its newest checkpoint holds it: for drawing samples and exporting weights.
package struct TrainedTrial: Sendable {
  package let study: Study
  package let trial: TrialName
  package let learner: any Learner
  /// The step of the checkpoint.
  package let step: Int
  /// What was wrong with newer checkpoints.
  package let passedOver: [Fault]
  let data: TrialData

  /// - Parameter folder: `RESULTS/NAME/PROFILE/runs/ARM/seed-N`.
  package init(folder path: String) throws {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    let name = url.lastPathComponent
    let arm = url.deletingLastPathComponent().lastPathComponent
    guard name.hasPrefix("seed-"), let seed = UInt64(name.dropFirst(5)) else {
      throw StudyError.unsuitable("\(path): this is no trial folder. Give RESULTS/NAME/PROFILE/runs/ARM/seed-N.")
    }
    let folder = url.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    study = try Study(opening: folder)
    trial = TrialName(arm: arm, seed: seed)
    guard let settings = study.specification.arm(named: arm) else {
      throw StudyError.unsuitable("\(folder): the study has no arm named \(arm).")
    }
    data = try TrialData(study.specification.data, pinnedIn: study.folder)
    let fresh = try settings.learner(
      data.context(study.specification, random: RandomStream(seed: seed).split("init")))
    let owner = CheckpointIdentity(inputs: study.resolved.identity(of: trial), trial: trial)
    (learner, step, passedOver) = try Self.restore(
      fresh, CheckpointStore(folder: study.folder.trial(trial).checkpoints), of: owner)
  }

  /// Samples may be drawn from checkpoints of earlier versions too.
  private static func restore<L: Learner>(
    _ learner: L, _ store: CheckpointStore, of owner: CheckpointIdentity
  ) throws -> (any Learner, Int, [Fault]) {
    var state = TrainingState(learner: learner)
    let (step, problems) = store.restore(&state, of: owner, acceptingUnsealed: true)
    guard let step else {
      if let problem = problems.first { throw problem }
      throw StudyError.unsuitable("\(store.folder): there is no checkpoint. Run the trial first with `lineup run`.")
    }
    return (state.learner, step, problems)
  }

  /// Draws samples as the evaluation does, with the same latents for the same seed.
  ///
  /// - Parameters:
  ///   - prompt: a caption for every sample; `nil` draws captions as the evaluation does.
  /// - Returns: the samples, `[count, height, width, channels]` or `[count, 2]`.
  package func samples(
    count: Int, seed: UInt64?, weights: WeightChoice, prompt: String? = nil, guidance: Float = 1, steps: Int? = nil,
    sampler: String? = nil
  ) throws -> Tensor {
    let context = TrialContext(
      study: study.folder, resolved: study.resolved, trial: TrialName(arm: trial.arm, seed: seed ?? trial.seed),
      arm: study.specification.arm(named: trial.arm)!, data: data, jobs: 1, report: { _ in }, shouldStop: { false })
    if prompt != nil, !learner.conditions.contains(.text) {
      throw StudyError.unsuitable("The arm \(trial.arm) takes no captions; leave --prompt out.")
    }
    let sampling = Sampling(context)
    let size = study.specification.evaluation.sampleBatch
    let parts = try (0..<count).chunks(ofCount: size).map { range in
      var request = sampling.request(range, weights: learner.keepsAverage ? weights : .raw)
      if let prompt { request.captions = [String](repeating: prompt, count: range.count) }
      request.guidance = guidance
      if let steps { request.steps = steps }
      request.sampler = sampler
      if let obstacle = learner.obstacle(to: request) {
        throw StudyError.unsuitable("The arm \(trial.arm): \(obstacle)")
      }
      return learner.sample(request).images
    }
    return concatenated(parts, along: 0)
  }

  /// Writes the learner's networks as safetensors, without optimizer moments.
  package func exportWeights(to path: String) throws {
    var writer = SafetensorsWriter()
    writer.metadata = ["format": "lineup.weights", "arm": trial.arm, "seed": "\(trial.seed)", "step": "\(step)"]
    for tensor in learner.tensors { writer.add(tensor.name, tensor.value) }
    try writer.write(to: path)
  }

  /// Writes the model of a latent diffusion trial as a folder that diffusers opens, with averaged weights where the learner
  /// keeps an average.
  ///
  /// - Returns: the paths of the files.
  package func exportPipeline(to folder: String) throws -> [String] {
    let export = DiffusersExport(
      learner,
      origin: [
        "study": .string(study.specification.name), "arm": .string(trial.arm),
        "seed": .number(.unsigned(trial.seed)), "step": .number(JSONNumber(step)),
        "weights": .string((learner.keepsAverage ? WeightChoice.average : .raw).rawValue),
      ])
    guard let export else { throw StudyError.unsuitable(notForDiffusers) }
    return try export.write(to: folder)
  }

  private var notForDiffusers: String {
    let arms = study.specification.arms.filter(\.options.opensInDiffusers)
    let hint =
      arms.isEmpty
      ? "This study has none." : "In this study it can be: \(arms.map(\.name).joined(separator: ", "))."
    return
      "The arm \(trial.arm) cannot be exported for diffusers: only latent diffusion models with captions can. \(hint)"
  }
}

extension TrainedTrial {
  /// Writes samples as a labelled picture: a sheet of images, or the points in the plane.
  package func writeSheet(_ samples: Tensor, prompt: String?, to path: String) throws {
    guard samples.rank == 4 else {
      guard case .points(let mixture) = data else { return }
      try PointSet(
        name: trial.description, points: samples.values, labels: [Int32](repeating: 0, count: samples.shape[0]),
        modes: mixture.modes, deviation: mixture.deviation
      ).picture().writePNG(to: path)
      return
    }
    let columns = min(study.specification.evaluation.gridColumns, samples.shape[0])
    try SampleSheet(
      TrialPictures.pictures(PixelBatch(quantising: samples)), columns: columns, title: "\(trial)",
      subtitle: [prompt.map { "“\($0)”" }, "step \(step)"].compactMap { $0 }.joined(separator: ", ")
    ).picture().writePNG(to: path)
  }
}
