import Foundation
import LineupFormats
import LineupMeasurements
import LineupStudies
import LineupSupport

extension ReportPage {
  /// Losses and metrics over the budget.
  var curves: HTML {
    let training = results.arms.flatMap { ["loss-\($0.name)", "gradients-\($0.name)"] }
    let drawn =
      plots(results.metrics.shown(in: .curve).map(CurveFigures.name))
      + folded("Losses and gradient norms", plots(training))
    let problems = figures.problems.map { paragraph($0, style: "note") }
    guard figures.drawn.contains(where: { $0.name.hasPrefix("curve-") || $0.name.hasPrefix("loss-") }) else {
      return .joined(problems)
    }
    return paragraph(
      "Lines are means over seeds, bands reach from the lowest to the highest seed; a cross marks a trial that ended early."
    )
      + .joined(problems) + drawn
  }

  /// The notes that go with the experiment file: question, predictions, verdict.
  var question: HTML {
    guard let notes = results.notes else { return .empty }
    return .element("div", ["class": "notes"], .raw(Markdown.html(notes)))
  }

  /// How every trial ended.
  var trials: HTML {
    var table = HTMLTable([
      .text("trial"), .init(content: "outcome", isNumber: false), .number("step"), .number("resumed"),
      .number("not finite"),
      .number("skipped"), .number("clipped"), .init(content: "reason", isNumber: false),
    ])
    for arm in results.arms {
      for seed in results.seeds {
        let name = "\(arm.label), seed \(seed)"
        guard let record = results.record(TrialName(arm: arm.name, seed: seed)) else {
          table.add([.text(name), .text("not finished")] + Array(repeating: .number("–"), count: 5) + [.text("")])
          continue
        }
        table.add(
          [.text(name), .text(record.outcome.kind.rawValue), .number(NumberText.count(record.outcome.step))]
            + [record.resumes, record.nonFinite, record.skipped, record.clipped].map { .number(NumberText.count($0)) }
            + [.text(record.outcome.reason ?? "")],
          style: record.outcome.kind == .failed ? "bad" : "")
      }
    }
    return table.html
  }

  /// What a reader should not take from the page.
  var limits: HTML {
    var items: [String] = []
    let seeds = results.seeds.count
    if seeds < 10 {
      items.append(
        "\(seeds == 1 ? "One seed is" : "\(seeds) seeds are") too few for a verdict: training with another seed can move "
          + "every figure by more than the arms differ. This page describes; the word “better” needs ten seeds and a test."
      )
    }
    if !results.isAboutPoints {
      items.append(
        "The pixel space \(FeatureSpace.components(results.components).name) and the classifier are this harness's own: their distances compare with each other at equal "
          + "numbers of samples, and with nothing that is published elsewhere.")
      items.append(
        "Curves over training stand on fewer samples than the table, and some figures depend on how many there are.")
    }
    items.append(
      "Settings of the arms are as the specification gives them; they were not searched over with equal effort. Another "
        + "learning rate or width can change the order.")
    if summary.arms.contains(where: \.usesLabels) {
      items.append(
        "Arms marked “used labels” learned from captions that the others never saw. Their measured samples are drawn "
          + "without guidance, with captions in the proportions of the training set.")
    }
    if summary.arms.contains(where: { !$0.failed.isEmpty }) {
      items.append("Means of arms with failed trials are over the trials that were left.")
    }
    if results.realMetrics.isEmpty, !results.isAboutPoints {
      items.append("Real images were not measured against real ones here, so the noise guard cannot speak.")
    }
    items += results.passedMarks
    if let problem = pictures.dataProblem {
      items.append("The data could not be read while this page was written, so real images are missing: \(problem)")
    }
    items += figures.problems
    return list(items.map { .text($0) })
  }

  /// The commands that made all this.
  var reproduction: HTML {
    paragraph(
      "The frozen specification lies beside this page as specification.json, profile and settings included. In a folder "
        + "that holds it, this trains and measures everything again, into a folder of its own. The same specification, "
        + "program and type of processor give the same weights and samples, bit for bit; times and memory differ from run "
        + "to run.")
      + .element("pre", [:], .element("code", [:], .text("lineup run specification.json --results again")))
      + paragraph("SHA-256 of the specification: \(results.specificationHash)", style: "soft")
  }
}
