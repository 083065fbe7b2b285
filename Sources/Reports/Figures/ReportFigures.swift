import LineupMeasurements
import LineupStudies
import LineupSupport

/// The figures of a study: drawn anew where their data is at hand, else as an earlier report left them.
struct ReportFigures {
  struct Drawn {
    var name: String
    var caption: String
    var svg: String
  }

  private(set) var drawn: [Drawn] = []
  /// What could not be drawn and why, for the page.
  private(set) var problems: [String] = []
  private(set) var paths: [String] = []

  init(_ results: StudyResults, summary: StudySummary, pictures: ReportPictures) throws(Fault) {
    let figures = Self.figures(results, summary: summary, pictures: pictures)
    let folder = results.folder.figures
    guard let gnuplot = Gnuplot() else {
      problems.append(Gnuplot.absence)
      keepEarlier(figures, in: folder)
      return
    }
    try Folder.make(folder)
    for figure in figures {
      guard !figure.data.isEmpty else { continue }
      let files = Figure.paths(figure.name, in: folder)
      if let problem = try gnuplot.draw(figure, in: folder) {
        problems.append(problem)
      } else if let svg = try? WholeFile.text(files.svg) {
        drawn.append(Drawn(name: figure.name, caption: figure.caption, svg: svg))
        paths += [files.data, files.texts, files.script, files.svg, files.png]
      }
    }
    keepEarlier(figures, in: folder)
  }

  subscript(name: String) -> Drawn? { drawn.first { $0.name == name } }

  /// Takes up figures that an earlier report has drawn and that have no data now, as in a published study.
  private mutating func keepEarlier(_ figures: [Figure], in folder: String) {
    for figure in figures where self[figure.name] == nil {
      guard let svg = try? WholeFile.text(Figure.paths(figure.name, in: folder).svg) else { continue }
      drawn.append(Drawn(name: figure.name, caption: figure.caption, svg: svg))
    }
  }

  /// All figures in the page's order. One without data stands for a figure of an earlier report.
  private static func figures(_ results: StudyResults, summary: StudySummary, pictures: ReportPictures) -> [Figure] {
    let curves = CurveFigures(results: results)
    let planes = PlaneFigures(results: results, summary: summary, pictures: pictures)
    var figures: [Figure?] = []
    if !results.isAboutPoints {
      figures.append(
        planes.spectrum()
          ?? Figure(
            name: "spectrum", caption: "Radial power spectrum of the final samples against real images.", data: "",
            commands: [], labels: []))
      figures.append(
        planes.scatter(
          "sharpness-noise", x: .noise, y: .laplacianRatio,
          caption: "Sharpness against noise, one point a seed. To the right of real images, a high value may be noise.",
          real: true))
    }
    figures += results.metrics.shown(in: .curve).map(curves.metric)
    let speed = Metric.exclusiveSamplesPerSecond
    let cost = ([speed] + speed.substitutes).first { metric in
      results.arms.contains { summary.row($0.name, metric)?.mean != nil }
    }
    if let cost {
      figures.append(
        planes.scatter(
          "quality-cost", x: cost, y: results.quality,
          caption: "Quality against the speed of sampling, one point a seed.", isLogarithmic: true, real: false))
    }
    for (place, arm) in results.arms.enumerated() {
      figures.append(curves.losses(arm, place: place))
      figures.append(curves.gradientNorms(arm, place: place))
    }
    return figures.compactMap { $0 }
  }
}
