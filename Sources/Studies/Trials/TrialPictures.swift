import LineupDatasets
import LineupFamilies
import LineupFormats
import LineupLearning
import LineupMeasurements
import LineupNetworks
import LineupSupport
import LineupTensors

/// The pictures of one trial: its samples, its guided samples, and the film strip of its sampler.
struct TrialPictures {
  let context: TrialContext
  let sampling: Sampling

  /// A plain sheet of samples without any lettering, for the run file.
  static func displayGrid(_ images: Tensor, columns: Int) -> Picture {
    let batch = PixelBatch(quantising: images)
    let rows = (batch.count + columns - 1) / columns
    var sheet = Picture(width: columns * (batch.width + 2) + 2, height: rows * (batch.height + 2) + 2)
    for (index, picture) in pictures(batch).enumerated() {
      sheet.place(
        picture, x: 2 + index % columns * (batch.width + 2), y: 2 + index / columns * (batch.height + 2))
    }
    return sheet
  }

  static func pictures(_ batch: PixelBatch) -> [Picture] {
    Picture.pictures(batch.pixels, height: batch.height, width: batch.width, channels: batch.channels)
  }

  private func path(_ kind: String) -> String {
    "\(context.study.grids)/\(context.trial.arm)-seed-\(context.trial.seed)-\(kind)"
  }

  /// Writes all pictures of a trained learner. Which samples are shown is fixed by their index; none is picked.
  func write(_ learner: some Learner, samples: Tensor, weights: WeightChoice) throws {
    guard samples.rank == 4 else { return }
    let columns = context.specification.evaluation.gridColumns
    let shown = min(samples.shape[0], columns * 6)
    try SampleSheet(
      Self.pictures(PixelBatch(quantising: samples.sliced(0, 0..<shown))), columns: columns,
      title: context.arm.label,
      subtitle: "seed \(context.trial.seed), samples 0–\(shown - 1), \(weights.rawValue) weights"
    )
    .picture().writePNG(to: path("samples.png"))
    try writeTrajectory(learner, weights: weights)
    try writeGuided(learner, weights: weights)
  }

  /// The states of the sampler on the way from noise to pictures, where the family has any.
  private func writeTrajectory(_ learner: some Learner, weights: WeightChoice) throws {
    let result = learner.sample(sampling.request(0..<6, weights: weights, keepsTrajectory: true))
    guard result.trajectory.count > 1 else { return }
    let states = result.trajectory
    let frames = states.map { Self.pictures(PixelBatch(quantising: $0)) }
    // First and last always, the others at even distances.
    let columns = min(11, states.count)
    let shown = (0..<columns).map { $0 * (states.count - 1) / (columns - 1) }
    let strip = FilmStrip(
      stages: shown.map { $0 == 0 ? "noise" : "\($0)" },
      samples: (0..<6).map { sample in shown.map { frames[$0][sample] } },
      labels: (0..<6).map { "sample \($0)" }, title: context.arm.label,
      subtitle: "from noise to picture: the state after so many of \(states.count - 1) sampler steps")
    try strip.picture().writePNG(to: path("denoising.png"))
    let whole = FilmStrip(
      stages: states.indices.map { "\($0)" }, samples: (0..<6).map { sample in frames.map { $0[sample] } },
      labels: (0..<6).map { "\($0)" }, title: "", subtitle: "")
    try whole.animation().write(to: path("denoising.gif"))
  }

  /// One row a class name, guided: only for families that take captions.
  private func writeGuided(_ learner: some Learner, weights: WeightChoice) throws {
    guard case .images(let splits) = context.data else { return }
    for guidance in context.arm.options.guidance {
      var rows: [ComparisonGrid.Row] = []
      for label in splits.train.classNames.indices {
        guard let example = splits.train.indices(ofClass: label).first, !splits.train.captions.isEmpty else { continue }
        let caption = splits.train.captions[example]
        var request = sampling.request(0..<8, weights: weights)
        request.captions = [String](repeating: caption, count: 8)
        request.labels = [Int32](repeating: Int32(label), count: 8)
        request.guidance = Float(guidance)
        let images = PixelBatch(quantising: learner.sample(request).images)
        rows.append(ComparisonGrid.Row(caption, pictures: Self.pictures(images)))
      }
      guard !rows.isEmpty else { return }
      try ComparisonGrid(
        title: "\(context.arm.label): guided by captions",
        subtitle: "guidance \(guidance), seed \(context.trial.seed); these pictures enter no measurement", rows: rows
      )
      .picture().writePNG(to: path("guided-\(guidance).png"))
    }
  }
}
