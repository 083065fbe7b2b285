import Foundation
import LineupMeasurements
import LineupStudies
import LineupSupport

/// Figures that are not curves over training: the spectrum, and figures against each other.
struct PlaneFigures {
  let results: StudyResults
  let summary: StudySummary
  let pictures: ReportPictures

  /// The radial power spectrum of each arm's final samples, as the logarithm of its ratio to real images'.
  ///
  /// Measured anew from the samples that the final figures stand on. Nil where there are none.
  func spectrum() -> Figure? {
    guard let heldOut = pictures.heldOut else { return nil }
    let real = SharpnessProfile(of: PixelBatch(heldOut).evenlySpaced(1000))
    var blocks: [String] = []
    var parts: [String] = []
    var labels: [String] = []
    var texts = FigureTexts()
    for (place, arm) in results.arms.enumerated() {
      let profiles = results.seeds.compactMap { seed in
        pictures[TrialName(arm: arm.name, seed: seed)]?.final?.batch.map { SharpnessProfile(of: $0.evenlySpaced(1000)) }
      }.filter { $0.radialPower.count == real.radialPower.count }
      guard !profiles.isEmpty else { continue }
      let rows = real.radialFrequencies.indices.map { ring -> String in
        let ratios = profiles.map { log($0.radialPower[ring] / real.radialPower[ring]) }
        return "\(real.radialFrequencies[ring])\t\(mean(ratios))\t\(ratios.min() ?? .nan)\t\(ratios.max() ?? .nan)"
      }
      let colour = Palette.colour(place)
      let index = blocks.count
      labels.append(arm.label)
      blocks.append(
        "# \(arm.label.escapingControls())\n# cycles per pixel\tmean\tminimum\tmaximum\n" + rows.joined(separator: "\n")
      )
      if profiles.count > 1 {
        parts.append("DATA index \(index) using 1:3:4 with filledcurves linecolor rgb '\(colour)' notitle")
      }
      parts.append(
        "DATA index \(index) using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 2 "
          + "dashtype \(Palette.dash(place)) linecolor rgb '\(colour)' title \(texts.name(arm.label))")
    }
    guard !blocks.isEmpty else { return nil }
    parts.append("0 with lines linewidth 1.5 dashtype 2 linecolor rgb '\(Palette.real)' title 'real images'")
    return Figure(
      name: "spectrum",
      caption: "Radial power spectrum of the final samples against real images: below the dashed line, detail of that "
        + "size is missing; above it, there is more than real images have, be it detail or noise.",
      data: blocks.joined(separator: "\n\n\n") + "\n",
      commands: [
        "set xlabel 'spatial frequency (cycles per pixel)'", "set ylabel 'ln(power / power of real images)'",
        "set xrange [0:0.52]", "set offsets graph 0, 0, 0.03, 0.03", "plot " + parts.joined(separator: ", \\\n  "),
      ], texts: texts, labels: labels + ["real images"])
  }

  /// One metric against another: a point for each seed.
  func scatter(
    _ name: String, x: Metric, y: Metric, caption: String, isLogarithmic: Bool = false, real: Bool
  ) -> Figure? {
    let across = x.axis + (isLogarithmic ? " (log)" : "")
    var groups: [(title: String, style: String, points: [SIMD2<Double>])] = []
    for (place, arm) in results.arms.enumerated() {
      let points = points(of: arm.name, x: x, y: y)
      let style = "pointtype 7 pointsize 1 linecolor rgb '\(Palette.colour(place))'"
      if !points.isEmpty { groups.append((arm.label, style, points)) }
    }
    guard !groups.isEmpty else { return nil }
    if real, let place = summary.row(StudySummary.real, x)?.mean,
      let height = summary.row(StudySummary.real, y)?.mean
    {
      let style = "pointtype 3 pointsize 1.3 linewidth 2 linecolor rgb '\(Palette.real)'"
      groups.append(("real images", style, [SIMD2(place, height)]))
    }
    let all = groups.flatMap(\.points)
    var texts = FigureTexts()
    var commands = [
      "set xlabel \(texts.name(across))", "set ylabel \(texts.name(y.axis))",
      "set grid xtics linecolor rgb '#e4e6e9' linetype 1 linewidth 1",
      "set yrange \(Figure.range(all.map(\.y)))",
    ]
    commands +=
      isLogarithmic
      ? ["set logscale x"] : ["set xrange \(Figure.range(all.map(\.x)))"]
    let parts = groups.enumerated().map { index, group in
      "DATA index \(index) using 1:2 with points \(group.style) title \(texts.name(group.title))"
    }
    commands.append("plot " + parts.joined(separator: ", \\\n  "))
    let blocks = groups.map { group in
      "# \(group.title.escapingControls())\n# \(across)\t\(y.axis)\n"
        + group.points.map { "\($0.x)\t\($0.y)" }.joined(separator: "\n")
    }
    return Figure(
      name: name, caption: caption, data: blocks.joined(separator: "\n\n\n") + "\n", commands: commands,
      texts: texts, labels: groups.map(\.title))
  }

  private func points(of arm: String, x: Metric, y: Metric) -> [SIMD2<Double>] {
    guard let across = summary.row(arm, x), let up = summary.row(arm, y) else { return [] }
    return zip(up.seeds, up.values).compactMap { seed, value in
      // A timing pass has one value for all seeds.
      let place = across.seeds.firstIndex(of: seed) ?? (across.seeds.isEmpty ? across.values.indices.first : nil)
      return place.map { SIMD2(across.values[$0], value) }
    }
  }
}
