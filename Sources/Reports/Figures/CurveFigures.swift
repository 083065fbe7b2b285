import LineupMeasurements
import LineupStudies
import LineupSupport

/// Curves over the share of the budget, each a mean with the reach of its seeds.
struct CurveFigures {
  let results: StudyResults

  /// One line of a figure.
  private struct Line {
    var title: String
    var colour: String
    var dash: Int
    var band: SeedBand
  }

  /// The name of a metric's curve.
  static func name(of metric: Metric) -> String { "curve-\(metric.name)" }

  /// A metric of all arms, measured at the marks, with a line where real images are.
  func metric(_ metric: Metric) -> Figure? {
    let lines = results.arms.enumerated().compactMap { place, arm -> Line? in
      let curves = results.records(of: arm.name).compactMap { $0.metricCurves.first { $0.name == metric.name } }
      let band = SeedBand(curves)
      guard !band.points.isEmpty else { return nil }
      return Line(title: arm.label, colour: Palette.colour(place), dash: Palette.dash(place), band: band)
    }
    let reference: (value: Double, title: String)? =
      if case .near(let value?) = metric.direction { (value, "real images") } else { nil }
    return figure(
      Self.name(of: metric), lines: lines, axis: metric.axis, caption: caption(metric), reference: reference,
      marks: true)
  }

  private func caption(_ metric: Metric) -> String {
    let direction = metric.direction.words
    let caption =
      metric.title.prefix(1).uppercased() + metric.title.dropFirst() + ", over training"
      + (direction.isEmpty ? "." : "; \(direction).")
    guard case .images = metric.method else { return caption }
    return caption
      + " Measured on \(NumberText.count(results.specification.evaluation.interimSamples)) samples at each mark"
      + (metric.dependsOnCount ? ", so not comparable with the table." : ".")
  }

  /// The losses of one arm.
  func losses(_ arm: Arm, place: Int) -> Figure? {
    curves(
      arm, place: place, prefix: "loss/", name: "loss-\(arm.name)", axis: "loss",
      caption: "\(arm.label): losses, and what the learner reports beside them.")
  }

  /// The gradient norms of one arm's networks.
  func gradientNorms(_ arm: Arm, place: Int) -> Figure? {
    curves(
      arm, place: place, prefix: "grad_norm/", name: "gradients-\(arm.name)", axis: "gradient norm",
      caption: "\(arm.label): gradient norms before clipping.")
  }

  private func curves(_ arm: Arm, place: Int, prefix: String, name: String, axis: String, caption: String) -> Figure? {
    let records = results.records(of: arm.name)
    var names: [String] = []
    for curve in records.flatMap(\.lossCurves) where curve.name.hasPrefix(prefix) && !names.contains(curve.name) {
      names.append(curve.name)
    }
    // The arm's own colour for its first curve, greys and other dashes for the rest.
    let colours = [Palette.colour(place), "#202124", "#80868B", "#B08D57", "#5F9EA0", "#A0A0C0"]
    let lines = names.enumerated().compactMap { index, name -> Line? in
      let band = SeedBand(records.compactMap { $0.lossCurves.first { $0.name == name } })
      guard !band.points.isEmpty else { return nil }
      return Line(
        title: String(name.dropFirst(prefix.count)), colour: colours[index % colours.count], dash: 1, band: band)
    }
    return figure(name, lines: lines, axis: axis, caption: caption, reference: nil, marks: false)
  }

  private func figure(
    _ name: String, lines: [Line], axis: String, caption: String, reference: (value: Double, title: String)?,
    marks: Bool
  ) -> Figure? {
    guard !lines.isEmpty else { return nil }
    let values =
      lines.flatMap { $0.band.points.flatMap { [$0.minimum, $0.maximum] } } + [reference?.value].compactMap { $0 }
    let smallest = values.min() ?? 0
    let largest = values.max() ?? 0
    let isLogarithmic = smallest > 0 && largest > 30 * smallest
    var texts = FigureTexts()
    var commands = [
      "set xrange [0:100]", "set xtics 20", "set xlabel 'share of the budget (%)'",
      "set ylabel \(texts.name(axis + (isLogarithmic ? " (log)" : "")))",
    ]
    commands.append(isLogarithmic ? "set logscale y" : "set yrange \(Figure.range(values))")
    var blocks: [String] = []
    var parts: [String] = []
    for line in lines {
      let index = blocks.count
      blocks.append(line.band.block(title: line.title))
      if line.band.points.contains(where: { $0.maximum > $0.minimum }) {
        parts.append("DATA index \(index) using 1:3:4 with filledcurves linecolor rgb '\(line.colour)' notitle")
      }
      let style =
        marks && line.band.points.count < 30
        ? "linespoints pointtype 7 pointsize 0.5" : "lines"
      parts.append(
        "DATA index \(index) using 1:2 with \(style) linewidth 2 dashtype \(line.dash) linecolor rgb '\(line.colour)' "
          + "title \(texts.name(line.title))")
    }
    for line in lines where !line.band.earlyEnds.isEmpty {
      let index = blocks.count
      blocks.append(
        "# \(line.title.escapingControls()): trials that end early\n"
          + line.band.earlyEnds.map { "\($0.progress * 100)\t\($0.value)" }.joined(separator: "\n"))
      parts.append(
        "DATA index \(index) using 1:2 with points pointtype 2 pointsize 1.2 linewidth 2 linecolor rgb '\(line.colour)' "
          + "title \(texts.name("\(line.title) ends"))")
    }
    if let reference {
      parts.append(
        "\(reference.value) with lines linewidth 1.5 dashtype 2 linecolor rgb '\(Palette.real)' "
          + "title \(texts.name(reference.title))")
    }
    commands.append("plot " + parts.joined(separator: ", \\\n  "))
    let labels = lines.map(\.title) + lines.filter { !$0.band.earlyEnds.isEmpty }.map { "\($0.title) ends" }
    return Figure(
      name: name, caption: caption, data: blocks.joined(separator: "\n\n\n") + "\n", commands: commands,
      texts: texts, labels: labels + [reference?.title].compactMap { $0 })
  }
}
