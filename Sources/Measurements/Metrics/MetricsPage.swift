/// `docs/metrics.md`: what each figure is, how to read it, and how it can mislead.
package enum MetricsPage {
  /// The whole page.
  package static func text(of metrics: [Metric] = Metric.all) -> String {
    let chapters = MetricSection.allCases.compactMap { section in
      chapter(section, metrics.filter { $0.section == section })
    }
    return ([introduction] + chapters + [overSeeds]).joined(separator: "\n\n") + "\n"
  }

  private static func chapter(_ section: MetricSection, _ metrics: [Metric]) -> String? {
    guard !metrics.isEmpty else { return nil }
    let rows = metrics.map { metric in
      row([
        "`\(metric.name)`", metric.direction.arrow.replacing("\u{A0}", with: " "),
        metric.unit == "1" ? "" : metric.unit, metric.space.map { "`\($0.name)`" } ?? "", metric.title,
        metric.needs.map(\.words).joined(separator: ", "),
      ])
    }
    let table = [row(["column", "", "unit", "space", "what it is", "needs"]), row(Array(repeating: "---", count: 6))]
    let words = metrics.map { metric in
      "- **`\(metric.name)`**: \(metric.meaning)" + (metric.traps.isEmpty ? "" : " *Traps:* \(metric.traps)")
    }
    return """
      ## \(section.title)

      \((table + rows).joined(separator: "\n"))

      \(section.introduction)

      \(words.joined(separator: "\n"))
      """
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private static let introduction = """
    # The metrics

    <!-- Made by `make docs` from Sources/Measurements/Metrics. Change it there. -->

    What each figure of `summary.csv` (whose own columns [results.md](results.md) names), of the tables and of `/series/eval`
    and `/final` in `run.h5` is, how to read it, and how it can mislead. Each is one value of the list `Metric.all` in
    `Sources/Measurements/Metrics`; reports and records read its facts there.

    ## What holds for all

    - **Same images for all.** Samples are quantised to 8 bits at the data's own size before anything is measured; families
      that work on padded images crop first. No metric ever sees a model.
    - **Same number.** Generated and real sets have equal size N (`evaluation.samples`). Several metrics depend on N, so
      figures of different N must not be compared. The figures at the marks on the way use `interimSamples`; they show a
      direction and are no verdict.
    - **Real against real.** The first row of every table measures held-out real images as if they were samples. It is the best
      that can be expected, and it is not zero. It is the column `floor` in `summary.csv`.
    - **Held-out images.** Samples are compared with the test images (`evaluation.split` may say validation while settings are
      still being chosen); the row of real images takes the other of the two parts.
    - **The feature space is in the name.** `\(FeatureSpace.components().name)`: the first
      \(FeatureSpace.standardComponents) principal components of training pixels on [0, 1], which need no training and favour
      no family; with another number (`evaluation.components`) the name is another one. `\(FeatureSpace.classifier.name)`: the
      features before the last layer of a small classifier of the harness's own. It is never part of a loss; the network in
      the perceptual loss is another one with another seed. Neither is Inception, so no figure here may be compared with a
      published FID or KID.
    - **Averaged weights.** Where a family keeps a moving average of its weights, the plain column is measured on it, for all
      families alike, and `raw/NAME` on the trained weights themselves. Always at the end of training, never at the best
      moment.
    - **The unit of replication is a training run**, not an image. Intervals in the tables go over seeds.
    - **No column decides alone.** Blur, noise, copies and dropped classes each improve some column. The tests plant these
      faults and check which way every metric moves.
    - **What is missing is not a number.** Where a metric lacks what it needs, its record says so in a note.

    ↑ means that more is better, ↓ less, → that being like real images is best.
    """

  private static let overSeeds = """
    ## Over seeds

    `summary.csv` has one line for each arm and column: mean, median, interquartile mean (`iqm`), smallest and largest value,
    and, from three seeds on, the 95 % bootstrap interval of the interquartile mean over seeds (`low`, `high`). With two
    seeds both values are shown instead. `n_failed` counts diverged trials; they have no samples and therefore no figures, so
    read an arm's row together with it.
    """
}
