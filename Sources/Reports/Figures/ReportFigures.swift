import LineupStudies

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

  init(_ results: StudyResults, summary: StudySummary, pictures: ReportPictures) throws(StudyError) {
    let figures = Self.figures(results, summary: summary, pictures: pictures)
    let folder = results.folder.figures
    guard let gnuplot = Gnuplot() else {
      problems.append(Gnuplot.absence)
      keepEarlier(figures, in: folder)
      return
    }
    try Files.makeFolder(folder)
    for figure in figures {
      guard !figure.data.isEmpty else { continue }
      let files = Figure.paths(figure.name, in: folder)
      if let problem = try gnuplot.draw(figure, in: folder) {
        problems.append(problem)
      } else if let svg = Files.text(files.svg) {
        drawn.append(Drawn(name: figure.name, caption: figure.caption, svg: svg))
        paths += [files.data, files.script, files.svg, files.png]
      }
    }
    keepEarlier(figures, in: folder)
  }

  subscript(name: String) -> Drawn? { drawn.first { $0.name == name } }

  /// Takes up figures that an earlier report has drawn and that have no data now, as in a published study.
  private mutating func keepEarlier(_ figures: [Figure], in folder: String) {
    for figure in figures where self[figure.name] == nil {
      guard let svg = Files.text(Figure.paths(figure.name, in: folder).svg) else { continue }
      drawn.append(Drawn(name: figure.name, caption: figure.caption, svg: svg))
    }
  }

  /// All figures in the page's order. One without data stands for a figure of an earlier report.
  private static func figures(_ results: StudyResults, summary: StudySummary, pictures: ReportPictures) -> [Figure] {
    let curves = CurveFigures(results: results)
    let planes = PlaneFigures(results: results, summary: summary, pictures: pictures)
    var figures: [Figure?] = []
    if results.isAboutPoints {
      figures += pointMetrics.map { curves.metric($0.name, axis: $0.axis, caption: $0.caption) }
    } else {
      figures.append(
        planes.spectrum()
          ?? Figure(
            name: "spectrum", caption: "Radial power spectrum of the final samples against real images.", data: "",
            commands: [], labels: []))
      figures.append(
        planes.scatter(
          "sharpness-noise", x: ("noise_sigma", "noise (white is 1)"),
          y: ("varlap_ratio", "Laplacian variance / real"),
          caption: "Sharpness against noise, one point a seed. To the right of real images, a high value may be noise.",
          real: true))
      let interim = results.specification.evaluation.interimSamples
      figures += imageMetrics.map { metric in
        let note =
          " Measured on \(NumberText.count(interim)) samples at each mark"
          + (metric.dependsOnCount ? ", so not comparable with the table." : ".")
        return curves.metric(
          metric.name, axis: metric.axis, caption: metric.caption + note, reference: metric.reference)
      }
    }
    let cost = ["exclusive/samples_per_second", "samples_per_second"].first { metric in
      results.arms.contains { summary.row($0.name, metric)?.mean != nil }
    }
    let quality =
      results.isAboutPoints
      ? ("high_quality_share", "share of samples near a mode") : ("fd_pix64", "Fréchet distance (pix64)")
    if let cost {
      figures.append(
        planes.scatter(
          "quality-cost", x: (cost, "samples per second, one thread (log)"), y: quality,
          caption: "Quality against the speed of sampling, one point a seed.", isLogarithmic: true, real: false))
    }
    for (place, arm) in results.arms.enumerated() {
      figures.append(curves.losses(arm, place: place))
      figures.append(curves.gradientNorms(arm, place: place))
    }
    return figures.compactMap { $0 }
  }

  private struct Metric {
    var name: String
    var axis: String
    var caption: String
    var reference: (value: Double, title: String)?
    /// Whether its level changes with the number of samples.
    var dependsOnCount = false
  }

  private static let imageMetrics = [
    Metric(
      name: "fd_pix64", axis: "Fréchet distance (pix64)", caption: "Fréchet distance over training; lower is better.",
      dependsOnCount: true),
    Metric(
      name: "coverage", axis: "coverage",
      caption: "Share of real images that have a sample near them; higher is better.",
      dependsOnCount: true),
    Metric(
      name: "varlap_ratio", axis: "Laplacian variance / real",
      caption: "Sharpness over training; 1 is like real images.",
      reference: (1, "real images")),
    Metric(
      name: "lhf", axis: "ln(high-frequency power / real)",
      caption: "High-frequency power over training; 0 is like real images.", reference: (0, "real images")),
    Metric(name: "noise_sigma", axis: "noise (white is 1)", caption: "Noise over training."),
    Metric(
      name: "classes_hit", axis: "classes hit", caption: "Classes that samples fall into; higher is better.",
      dependsOnCount: true),
  ]

  private static let pointMetrics = [
    Metric(name: "modes_captured", axis: "modes captured", caption: "Modes with a sample near them; higher is better."),
    Metric(
      name: "high_quality_share", axis: "share of samples near a mode",
      caption: "Samples within three standard deviations of a mode; a perfect sampler has 98.9 %."),
    Metric(
      name: "reverse_kl", axis: "divergence from equal shares (nats)",
      caption: "How unequally the modes are filled; lower is better."),
  ]
}
