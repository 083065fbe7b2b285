import LineupDatasets
import LineupFormats
import LineupStudies
import LineupTensors

extension ReportPictures {
  /// Scatter pictures of points: real ones first, then a row for each arm with a picture for each seed.
  func scatters(seeds: [UInt64]) -> PictureRows? {
    guard let mixture else { return nil }
    let count = results.specification.evaluation.samples
    let real = mixture.points(count: count, random: RandomStream(seed: 0).split("report"))
    var rows = [
      PictureRow("real points", detail: "\(mixture.modes.count) modes", pictures: [scatter(real.points, mixture)])
    ]
    for arm in results.arms {
      let trials = seeds.map { TrialName(arm: arm.name, seed: $0) }
      let pictures = trials.compactMap { self[$0]?.final?.points.map { scatter($0, mixture) } }
      let shown = trials.filter { self[$0]?.final?.points != nil }.map { "\($0.seed)" }
      let failures = trials.compactMap { trial in
        results.record(trial).flatMap { $0.outcome.kind == .failed ? "seed \(trial.seed) failed" : nil }
      }
      let detail = [shown.isEmpty ? "" : "seed " + shown.joined(separator: ", ")] + failures
      rows.append(
        PictureRow(
          arm.label, detail: detail.filter { !$0.isEmpty }.joined(separator: "; "), pictures: pictures,
          note: failures.isEmpty ? "no samples" : failures.joined(separator: ", "), startsGroup: true))
    }
    return PictureRows(
      title: results.specification.name, subtitle: "all final samples of every trial; rings mark the modes", rows: rows)
  }

  /// Points over training: a row for each arm, a column for each mark.
  func scattersOverTraining(seed: UInt64) -> PictureRows? {
    guard let mixture else { return nil }
    var heads: [String] = []
    var rows: [PictureRow] = []
    for arm in results.arms {
      guard let marks = self[TrialName(arm: arm.name, seed: seed)]?.marks, !marks.isEmpty else { continue }
      if marks.count > heads.count { heads = names(of: marks) }
      rows.append(
        PictureRow(
          arm.label, pictures: marks.compactMap { $0.samples.points.map { scatter($0, mixture, side: 200) } }))
    }
    guard !rows.isEmpty else { return nil }
    return PictureRows(
      title: "Over training", subtitle: "the same latents at every mark, seed \(seed)", heads: heads, rows: rows)
  }

  private func scatter(_ points: [Float], _ mixture: PointMixture, side: Int = 240) -> Picture {
    let reach = mixture.modes.map { max(abs($0.x), abs($0.y)) }.max() ?? 1
    var picture = Picture.scatter(
      points, modes: mixture.modes, reach: reach * 1.4 + 3 * mixture.deviation, side: side)
    // A frame shows where the picture ends and points outside are left out.
    for edge in [0, side - 1] {
      picture.fill(x: 0, y: edge, width: side, height: 1, Colour(grey: 215))
      picture.fill(x: edge, y: 0, width: 1, height: side, Colour(grey: 215))
    }
    return picture
  }
}
