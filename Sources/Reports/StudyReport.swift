import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupStudies
import LineupSupport

/// Writes everything that a study's folder shows to readers: the summary, the grids, the figures and the page.
///
/// What is no longer at hand, like the run files of a published study, leaves earlier pictures and figures as they are.
///
/// - Parameter metrics: the metrics that tables, figures and the guide show; others of the records are listed only.
/// - Returns: the paths written.
@discardableResult
package func writeReport(for study: Study, metrics: [Metric] = Metric.all) throws -> [String] {
  let results = try StudyResults(study, metrics: metrics)
  let summary = StudySummary(results)
  let pictures = try ReportPictures(results)
  var paths = try summary.write(to: results.folder)
  paths += try writeGrids(pictures)
  let figures = try ReportFigures(results, summary: summary, pictures: pictures)
  paths += figures.paths
  let page = ReportPage(results: results, summary: summary, pictures: pictures, figures: figures)
  try DurableFile.write(page.text, to: results.folder.report)
  return paths + [results.folder.report]
}

/// Writes a comparison grid of a study's final samples.
///
/// - Parameters:
///   - arms: names of arms; empty for all.
///   - seeds: seeds; empty for all.
///   - indices: places of the samples to show, the same in every row; empty for the first ones.
///   - nearest: whether to show below each row the nearest training images.
/// - Throws: when an arm or seed is not in the study or no trial has kept its samples.
package func writeGrid(
  for study: Study, arms: [String] = [], seeds: [UInt64] = [], indices: [Int] = [], nearest: Bool = false,
  to path: String
) throws {
  let results = try StudyResults(study, metrics: Metric.all)
  for name in arms where !results.arms.contains(where: { $0.name == name }) {
    let known = results.arms.map(\.name).joined(separator: ", ")
    throw StudyError.unsuitable("The study has no arm named \(name). Its arms are: \(known).")
  }
  for seed in seeds where !results.seeds.contains(seed) {
    let known = results.seeds.map { "\($0)" }.joined(separator: ", ")
    throw StudyError.unsuitable("The study has no seed \(seed). Its seeds are: \(known).")
  }
  let samples = results.specification.evaluation.samples
  for index in indices where !(0..<samples).contains(index) {
    throw StudyError.unsuitable("There is no sample \(index): samples are numbered from 0 to \(samples - 1).")
  }
  let pictures = try ReportPictures(results)
  guard pictures.hasSamples else {
    throw StudyError.unsuitable(
      "\(results.folder.runs): no trial has kept its final samples. Run the study with `lineup run`, then draw the grid."
    )
  }
  let shownArms = arms.isEmpty ? results.arms : results.arms.filter { arms.contains($0.name) }
  let shownSeeds = seeds.isEmpty ? results.seeds : seeds
  let rows =
    results.isAboutPoints
    ? pictures.scatters(seeds: shownSeeds)
    : pictures.comparison(
      arms: shownArms, seeds: shownSeeds, indices: indices.isEmpty ? pictures.indices : indices, nearest: nearest)
  guard let rows else { return }
  try write(rows, to: path)
}

/// The grids of the page that put trials side by side; those of single trials are written when the trials end.
private func writeGrids(_ pictures: ReportPictures) throws -> [String] {
  guard pictures.hasSamples else { return [] }
  let results = pictures.results
  let first = results.seeds.first ?? 0
  var grids: [(name: String, rows: PictureRows?)]
  if results.isAboutPoints {
    grids = [
      ("comparison", pictures.scatters(seeds: pictures.shownSeeds(atMost: 4))),
      ("over-training", pictures.scattersOverTraining(seed: first)),
    ]
  } else {
    let (arms, indices) = (results.arms, pictures.indices)
    grids = [
      ("comparison", pictures.comparison(arms: arms, seeds: pictures.shownSeeds(atMost: 2), indices: indices)),
      ("nearest", pictures.comparison(arms: arms, seeds: [first], indices: indices, nearest: true)),
      ("by-sharpness", pictures.bySharpness(seed: first)),
      ("over-training", pictures.combinedOverTraining(seed: first)),
    ]
    grids += results.arms.map { ("\($0.name)-over-training", pictures.overTraining($0, seed: first)) }
  }
  try Folder.make(results.folder.grids)
  return try grids.compactMap { name, rows in
    guard let rows else { return nil }
    let path = "\(results.folder.grids)/\(name).png"
    try write(rows, to: path)
    return path
  }
}

private func write(_ rows: PictureRows, to path: String) throws {
  try rows.grid.picture().writePNG(to: path, notes: [("Software", "lineup"), ("Title", rows.title)])
}
