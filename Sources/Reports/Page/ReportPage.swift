import Foundation
import LineupDatasets
import LineupFormats
import LineupStudies
import LineupSupport

/// The page of a study: one file with everything in it, which needs no network and no scripts.
struct ReportPage {
  let results: StudyResults
  let summary: StudySummary
  let pictures: ReportPictures
  let figures: ReportFigures

  /// The whole file.
  var text: String {
    let name = results.specification.name
    let sections = self.sections.filter { !$0.body.isEmpty }
    let navigation = HTML.element(
      "nav", [:],
      .element(
        "ul", [:],
        .joined(sections.map { .element("li", [:], .element("a", ["href": "#\($0.id)"], .text($0.title))) })))
    let body = sections.map { section in
      HTML.element("section", ["id": section.id], .element("h2", [:], .text(section.title)), section.body)
    }
    let page = HTML.element(
      "html", ["lang": "en"],
      .element(
        "head", [:], .void("meta", ["charset": "utf-8"]),
        .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("title", [:], .text("\(name) (\(results.profile))")), .element("style", [:], .raw(StyleSheet.text))),
      .element("body", [:], .element("main", [:], header, navigation, .joined(body), footer)))
    return "<!DOCTYPE html>\n" + page.source
  }

  private typealias Section = (id: String, title: String, body: HTML)

  private var sections: [Section] {
    [
      ("pictures", results.isAboutPoints ? "The samples" : "The pictures", comparison),
      ("results", "The figures", resultsTable),
      ("sharpness", "Sharpness", sharpness),
      ("stability", "Stability", stability),
      ("cost", "What it costs", cost),
      ("making", "From noise to picture", making),
      ("guided", "Guided by captions", guided),
      ("training", "Over training", training),
      ("curves", "Curves", curves),
      ("question", "The question, and what was expected", question),
      ("trials", "Every trial", trials),
      ("limits", "What this cannot say", limits),
      ("reproduce", "How to do it again", reproduction),
    ]
  }

  private var header: HTML {
    let specification = results.specification
    let title = HTML.element("h1", [:], .text(specification.name))
    let lead = specification.question.map { HTML.element("p", ["class": "lead"], .text($0)) } ?? .empty
    return .element("header", [:], title + lead + unfinished + facts)
  }

  /// A word when the study is not complete.
  private var unfinished: HTML {
    let open = summary.arms.reduce(0) { $0 + $1.unfinished.count }
    guard open > 0 else { return .empty }
    let planned = summary.arms.reduce(0) { $0 + $1.planned }
    return .element(
      "p", ["class": "note"],
      .text("Not finished: \(planned - open) of \(planned) trials have an outcome. What follows tells of those."))
  }

  /// What was run, on what and where.
  private var facts: HTML {
    let specification = results.specification
    let completed = summary.arms.reduce(0) { $0 + $1.completed.count }
    let failed = summary.arms.reduce(0) { $0 + $1.failed.count }
    var facts = [
      ("Data", specification.data.name), ("Arms", specification.arms.map(\.label).joined(separator: ", ")),
      ("Seeds", results.seeds.map { "\($0)" }.joined(separator: ", ")), ("Budget of each trial", budget),
      ("Trials", "\(completed) completed, \(failed) failed"),
    ]
    let (samples, split) = (specification.evaluation.samples, specification.evaluation.split.rawValue)
    facts.append(
      (
        "Measured on",
        "\(NumberText.count(samples)) samples" + (results.isAboutPoints ? "" : " against \(split) images")
      ))
    let circumstances =
      [("Profile", results.profile)] + machine + [("Specification (SHA-256)", results.specificationHash)]
    return list(of: facts) + folded("Machine, revision, specification", list(of: circumstances))
  }

  private func list(of facts: [(String, String)]) -> HTML {
    .element(
      "div", ["class": "facts"], .joined(facts.map { .element("div", [:], .element("b", [:], .text($0)), .text($1)) }))
  }

  private var budget: String {
    let limits = [
      results.specification.budget.flops.map { "\(NumberText.scientific($0)) floating-point operations" },
      results.specification.budget.steps.map { "\(NumberText.count($0)) steps" },
    ]
    return limits.compactMap { $0 }.joined(separator: " or ")
  }

  /// Facts about the machine, all different ones where trials ran on several.
  private var machine: [(String, String)] {
    func distinct(_ key: String) -> String? {
      var values: [String] = []
      for value in results.records.compactMap({ $0.provenance[key] }) where !values.contains(value) {
        values.append(value)
      }
      return values.isEmpty ? nil : values.joined(separator: "; ")
    }
    let names = [
      ("cpu", "Processor"), ("cores", "Cores"), ("threads", "Threads of a trial"), ("os", "System"),
      ("compiler", "Compiler"),
      ("openblas_core", "OpenBLAS kernels"), ("git_commit", "Revision"),
    ]
    return names.compactMap { key, title in distinct(key).map { (title, $0) } }
  }

  private var footer: HTML {
    .element(
      "footer", [:],
      .text(
        "Made by Lineup from the records in this folder. Numbers: summary.csv and summary.json; figures with their data: "
          + "figures/; pictures: grids/."))
  }

  // MARK: Pieces that several sections use

  /// An arm's name with its colour.
  func name(of arm: ArmSummary) -> HTML {
    let place = results.arms.firstIndex { $0.name == arm.arm } ?? 0
    let dot = HTML.element("span", ["class": "dot", "style": "background:\(Palette.colour(place))"])
    let tag = arm.usesLabels ? " " + HTML.element("span", ["class": "tag"], "used labels") : HTML.empty
    return dot + .text(arm.label) + tag
  }

  func paragraph(_ text: String, style: String = "") -> HTML {
    style.isEmpty ? .element("p", [:], .text(text)) : .element("p", ["class": style], .text(text))
  }

  func list(_ items: [HTML]) -> HTML {
    items.isEmpty ? .empty : .element("ul", [:], .joined(items.map { .element("li", [:], $0) }))
  }

  /// Figures beside each other where there is room; those that could not be drawn are left out.
  func plots(_ names: [String]) -> HTML {
    let drawn = names.compactMap { figures[$0] }
    guard !drawn.isEmpty else { return .empty }
    return .element(
      "div", ["class": "plots"],
      .joined(
        drawn.map { figure in
          .element(
            "figure", ["class": "plot"],
            .void("img", ["src": drawing(figure.svg), "alt": figure.caption]),
            .element("figcaption", [:], .text(figure.caption)))
        }))
  }

  /// A drawing as the address of a picture: in a picture no script runs and nothing is loaded, whatever a figure of a folder
  /// from elsewhere holds.
  private func drawing(_ svg: String) -> String {
    let text = svg.replacing(
      "font-family=\"DejaVu Sans\"", with: "font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\"")
    return "data:image/svg+xml;base64," + Data(text.utf8).base64EncodedString()
  }

  /// A picture of the folder `grids`, in the page itself; nothing where there is none.
  func picture(_ file: String, caption: String, isWide: Bool = true) -> HTML {
    guard let bytes = try? WholeFile.read("\(results.folder.grids)/\(file)") else { return .empty }
    let kind = file.hasSuffix(".gif") ? "gif" : "png"
    let source = "data:image/\(kind);base64," + Data(bytes).base64EncodedString()
    return .element(
      "figure", [:],
      .element(
        "div", ["class": isWide ? "picture wide" : "picture"], .void("img", ["src": source, "alt": caption])),
      .element("figcaption", [:], .text(caption)))
  }

  /// Files of the folder `grids` that belong to an arm under a seed, of one kind.
  func gridFiles(_ arm: Arm, seed: UInt64, where matches: (String) -> Bool) -> [String] {
    Folder.names(in: results.folder.grids).filter {
      $0.hasPrefix("\(arm.name)-seed-\(seed)-") && matches(String($0.dropFirst("\(arm.name)-seed-\(seed)-".count)))
    }
  }

  /// The first seed of an arm that has such files: the same rule for all, so nothing is chosen.
  func firstGridFiles(_ arm: Arm, where matches: (String) -> Bool) -> (seed: UInt64, files: [String])? {
    for seed in results.seeds {
      let files = gridFiles(arm, seed: seed, where: matches)
      if !files.isEmpty { return (seed, files) }
    }
    return nil
  }
}
