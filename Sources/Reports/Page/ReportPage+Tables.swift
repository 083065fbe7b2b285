import LineupMeasurements
import LineupSupport

extension ReportPage {
  // MARK: Results

  /// The main table, how to read it, and every figure there is.
  var resultsTable: HTML {
    let metrics = summary.shown(in: .table).filter { $0.section != .cost }
    guard !metrics.isEmpty else {
      let allFailed = summary.arms.allSatisfy { $0.failed.count == $0.planned }
      return paragraph(
        allFailed
          ? "There is nothing to measure: every trial failed." : "No trial is completed yet, so there are no figures.")
    }
    var body = table(of: metrics) + paragraph(intervalNote, style: "soft")
    let absences = summary.absences(of: metrics)
    if !absences.isEmpty { body += list(absences.map { HTML.text($0) }) }
    let readings = results.isAboutPoints ? [] : summary.arms.compactMap(reading)
    if !readings.isEmpty { body += .element("h3", [:], "In words") + realReading + list(readings) }
    let meanings = summary.shown(in: .guide).map { metric in
      HTML.element(
        "li", [:], .element("strong", [:], .text("\(metric.head) \(metric.direction.arrow)")),
        .text(" " + metric.meaning + (metric.traps.isEmpty ? "" : " " + metric.traps)))
    }
    body += folded("What each column means", .element("ul", [:], .joined(meanings)))
    body += folded("Every figure of every arm", everything)
    return body
  }

  /// How the small print below each number is to be read.
  private var intervalNote: String {
    let note: String
    switch results.seeds.count {
    case 1: note = "One seed: no spread can be given."
    case 2: note = "Large: the mean of two seeds; below it, the values themselves. Two seeds give no interval."
    default:
      note =
        "Large: the interquartile mean over seeds; below it, its 95 % bootstrap interval, or the values where fewer "
        + "than three seeds have one."
    }
    let weights =
      summary.rows.contains { $0.metric.hasPrefix("raw/") }
      ? " Averaged weights are measured where an arm keeps them; its raw ones stand under “Every figure”, with raw/ before "
        + "the name." : ""
    return note + " Arrows show the better direction; → is the value of real images." + weights
  }

  private func table(of metrics: [Metric]) -> HTML {
    var table = HTMLTable(
      [.text("")] + [.number("seeds", hint: "completed of planned")]
        + metrics.map { .init(content: .text("\($0.head)\u{A0}\($0.direction.arrow)"), hint: $0.meaning) })
    if summary.rows.contains(where: { $0.arm == StudySummary.real }) {
      let cells = metrics.map { HTMLTable.Cell.number(NumberText.short(summary.row(StudySummary.real, $0)?.mean)) }
      let name = HTML.text("real against real") + .element("small", [:], "the best to be hoped for")
      table.add([.init(content: name, isNumber: false), .number("–")] + cells, style: "real")
    }
    for arm in summary.arms {
      var seeds = HTML.text("\(arm.completed.count)/\(arm.planned)")
      if !arm.failed.isEmpty {
        seeds += .element("small", ["class": "bad"], .text("\(arm.failed.count) failed"))
      }
      let cells = metrics.map { HTMLTable.Cell(content: value(summary.row(arm.arm, $0))) }
      table.add([.init(content: name(of: arm), isNumber: false), .init(content: seeds)] + cells)
    }
    return table.html
  }

  /// A number over seeds with its interval, or with all values where there are two, or alone where there is one.
  func value(_ row: SummaryRow?, _ text: (Double?) -> String = NumberText.short) -> HTML {
    guard let row, let centre = row.iqm else { return "–" }
    let detail: String
    if let low = row.low, let high = row.high {
      detail = "\(text(low)) to \(text(high))"
    } else if row.values.count == 2, row.minimum != row.maximum {
      detail = row.values.map { text($0) }.joined(separator: ", ")
    } else {
      detail = ""
    }
    return .text(text(centre)) + (detail.isEmpty ? .empty : .element("small", [:], .text(detail)))
  }

  /// What the figures of an arm say, in plain words and without verdicts.
  private func reading(_ arm: ArmSummary) -> HTML? {
    let name = HTML.element("strong", [:], .text(arm.label))
    guard !arm.completed.isEmpty else {
      return arm.failed.isEmpty ? nil : name + .text(": every trial failed, so there is nothing to measure.")
    }
    var parts: [String] = []
    if let distance = summary.row(arm.arm, .frechet)?.iqm {
      parts.append("Fréchet distance \(NumberText.short(distance))")
    }
    if let coverage = summary.row(arm.arm, .coverage)?.iqm {
      parts.append("samples near \(NumberText.percent(coverage)) of the real images")
    }
    if let classes = summary.row(arm.arm, .classesHit), let hit = classes.iqm, let all = classes.floor {
      parts.append("\(NumberText.short(hit)) of \(NumberText.short(all)) classes")
    }
    if let reading = SharpnessReading(arm.arm, summary) { parts.append(reading.sentence) }
    guard !parts.isEmpty else { return nil }
    let failures =
      arm.failed.isEmpty ? "" : " \(arm.failed.count) of \(arm.planned) trials failed and have no part in this."
    return name + .text(": " + parts.joined(separator: "; ") + "." + failures)
  }

  /// What real images reach against real ones, to which the rest is to be compared.
  private var realReading: HTML {
    guard let distance = summary.row(StudySummary.real, .frechet)?.mean,
      let coverage = summary.row(StudySummary.real, .coverage)?.mean
    else { return .empty }
    return paragraph(
      "For comparison, other real images in the place of samples: Fréchet distance \(NumberText.short(distance)), near "
        + "\(NumberText.percent(coverage)) of the real images.")
  }

  private var everything: HTML {
    var names: [String] = []
    for row in summary.rows where !names.contains(row.metric) { names.append(row.metric) }
    let hasReal = summary.rows.contains { $0.arm == StudySummary.real }
    var table = HTMLTable(
      [.text("figure"), .text("unit")] + (hasReal ? [.number("real")] : []) + summary.arms.map { .number($0.label) })
    for name in names {
      let unit = summary.rows.first { $0.metric == name }?.unit ?? "1"
      let real = hasReal ? [HTMLTable.Cell.number(NumberText.short(summary.row(StudySummary.real, name)?.mean))] : []
      table.add(
        [.text(name), .text(unit == "1" ? "" : unit)] + real
          + summary.arms.map { HTMLTable.Cell(content: value(summary.row($0.arm, name))) })
    }
    return table.html
  }

  // MARK: Sharpness

  var sharpness: HTML {
    let readings = summary.arms.compactMap { arm in SharpnessReading(arm.arm, summary).map { (arm, $0) } }
    guard !readings.isEmpty else { return .empty }
    let metrics: [Metric] = [.laplacianRatio, .highFrequencyRatio, .blurEffect11, .noise]
    var table = HTMLTable(
      [.text("")] + metrics.map { .number("\($0.head)\u{A0}\($0.direction.arrow)", hint: $0.meaning) }
        + [.number("\(Metric.noise.head) / real"), .init(content: "reading", isNumber: false)])
    let realNoise = summary.row(StudySummary.real, .noise)?.mean
    func cells(_ arm: String) -> [HTMLTable.Cell] {
      let ratio = summary.row(arm, .noise)?.iqm.flatMap { noise in realNoise.map { noise / $0 } }
      return metrics.map { HTMLTable.Cell(content: value(summary.row(arm, $0))) } + [.number(NumberText.short(ratio))]
    }
    if realNoise != nil {
      table.add([.text("real against real")] + cells(StudySummary.real) + [.text("")], style: "real")
    }
    for (arm, reading) in readings {
      table.add([.init(content: name(of: arm), isNumber: false)] + cells(arm.arm) + [.text(reading.words)])
    }
    return paragraph(
      "Noise looks like sharpness to most measures. So an arm is called sharper only where its noise is not larger as well; "
        + "and differences within \(NumberText.percent(SharpnessReading.margin)) of real images are not called differences, "
        + "for that is what two sets of real images differ by.") + table.html + plots(["spectrum", "sharpness-noise"])
  }

  // MARK: Stability

  var stability: HTML {
    guard !results.records.isEmpty else { return .empty }
    let quality = results.quality
    let updates: [Metric] = [.skippedUpdates, .clippedUpdates]
    var table = HTMLTable(
      [.text(""), .number("failed")] + updates.map { .number($0.head) } + [
        .number("\(quality.head), smallest"), .number("largest"),
        .number("largest / smallest"),
      ])
    for arm in summary.arms {
      let row = summary.row(arm.arm, quality)
      let spread = row.flatMap { row -> Double? in
        guard row.values.count > 1, let low = row.minimum, let high = row.maximum, low > 0 else { return nil }
        return high / low
      }
      table.add(
        [
          .init(content: name(of: arm), isNumber: false), .number("\(arm.failed.count) of \(arm.planned)"),
        ] + updates.map { .init(content: value(summary.row(arm.arm, $0))) } + [
          .number(NumberText.short(row?.minimum)), .number(NumberText.short(row?.maximum)),
          .number(NumberText.short(spread)),
        ], style: arm.failed.isEmpty ? "" : "bad")
    }
    let failures = summary.arms.flatMap { arm in
      arm.failed.map { failure in
        HTML.element("strong", [:], .text("\(arm.label), seed \(failure.seed)"))
          + .text(" failed at step \(NumberText.count(failure.step)): \(failure.reason).")
      }
    }
    return paragraph(
      "A trial has failed when a loss or a gradient was no longer a finite number, or when it crashed twice at the same step. "
        + "Failures are results: they are counted here and never run again.") + table.html + list(failures)
  }

  // MARK: Cost

  var cost: HTML {
    guard !results.records.isEmpty else { return .empty }
    let metrics = summary.shown(in: .table).filter { $0.section == .cost }
    var table = HTMLTable([.text("")] + metrics.map { .number($0.head, hint: $0.meaning) })
    for arm in summary.arms {
      table.add(
        [.init(content: name(of: arm), isNumber: false)]
          + metrics.map { .number(NumberText.text(summary.numbers(arm.arm, $0)?.iqm, in: $0.style)) })
    }
    let exclusive = !results.timings.isEmpty
    let words =
      exclusive
      ? "Time a step and samples a second come from a pass of its own in which nothing ran beside it, on one thread."
      : "Time a step and samples a second were taken while other trials ran beside; the pass of its own was not run."
    return paragraph(
      words
        + " Operations count every product and convolution of training, first stages, gradients and second-order passes "
        + "included; measuring is not counted. Parameters include the autoencoder and the text encoder where an arm has them."
    )
      + table.html + plots(["quality-cost"])
  }
}
