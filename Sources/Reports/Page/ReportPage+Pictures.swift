import Foundation
import LineupDatasets
import LineupFormats
import LineupStudies

extension ReportPage {
  /// The comparison: real images and every arm, the same places in every row.
  var comparison: HTML {
    let seeds = pictures.shownSeeds(atMost: 2)
    if pictures.hasSamples, results.isAboutPoints, let rows = pictures.scatters(seeds: pictures.shownSeeds(atMost: 4)) {
      return strips(rows, scale: 1) + paragraph(sentence(rows.subtitle), style: "soft")
    }
    let words =
      "The first samples of each trial, in the order in which they were drawn: nobody picked them. Columns have no meaning "
      + "across rows."
    var body = HTML.empty
    if pictures.hasSamples {
      body += strips(pictures.comparison(arms: results.arms, seeds: seeds, indices: pictures.indices))
    } else {
      body += picture("comparison.png", caption: "Real images and the first samples of every arm.")
    }
    guard !body.isEmpty else { return .empty }
    body += paragraph(words, style: "soft")
    let nearest = picture(
      "nearest.png",
      caption: "Below each sample, the training image that is nearest to it by pixels. Equal pairs would be copies.")
    if !nearest.isEmpty { body += folded("Are these copies of training images?", nearest) }
    let sorted = picture(
      "by-sharpness.png", caption: "The same trials sorted from the blurriest to the sharpest sample, at even ranks.")
    if !sorted.isEmpty { body += folded("From the blurriest to the sharpest sample", sorted) }
    return body
  }

  /// The sampler's way from noise to picture, where a family has one.
  var making: HTML {
    var body = HTML.empty
    for arm in results.arms {
      guard let (seed, files) = firstGridFiles(arm, where: { $0.hasPrefix("denoising.") }) else { continue }
      body += .element("h3", [:], .text(arm.label))
      if let film = files.first(where: { $0.hasSuffix(".gif") }) {
        body += picture(film, caption: "\(arm.label), seed \(seed): the sampler at work.", isWide: false)
      }
      if let strip = files.first(where: { $0.hasSuffix(".png") }) {
        body += picture(strip, caption: "\(arm.label), seed \(seed): states of the sampler, from noise on the left.")
      }
    }
    return body
  }

  /// Pictures drawn with captions and guidance, which enter no measurement.
  var guided: HTML {
    var body = HTML.empty
    for arm in results.arms {
      guard let (seed, files) = firstGridFiles(arm, where: { $0.hasPrefix("guided") && $0.hasSuffix(".png") }) else {
        continue
      }
      for file in files {
        let guidance = file.dropFirst("\(arm.name)-seed-\(seed)-guided-".count).dropLast(4)
        body += picture(file, caption: "\(arm.label), seed \(seed), one row a caption, guidance \(guidance).")
      }
    }
    guard !body.isEmpty else { return .empty }
    return paragraph(
      "Samples asked for by caption, with guidance. They are here to be looked at: no figure of this page is measured on "
        + "them, since the other arms cannot be asked.") + body
  }

  /// How each arm's samples change over training.
  var training: HTML {
    let seed = results.seeds.first ?? 0
    let combined =
      results.isAboutPoints ? pictures.scattersOverTraining(seed: seed) : pictures.combinedOverTraining(seed: seed)
    var body = HTML.empty
    if let combined {
      body +=
        strips(combined, scale: results.isAboutPoints ? 1 : 3) + paragraph(sentence(combined.subtitle), style: "soft")
    } else {
      body += picture("over-training.png", caption: "Each arm over training, seed \(seed).")
    }
    guard !results.isAboutPoints else { return body }
    let single = results.arms.map { arm in
      picture("\(arm.name)-over-training.png", caption: "\(arm.label): the same latents at every mark, seed \(seed).")
    }.filter { !$0.isEmpty }
    if !single.isEmpty {
      body += folded("Each arm by itself", .element("div", ["class": "columns"], .joined(single)))
    }
    let sheets = results.arms.compactMap { arm -> HTML? in
      guard let (seed, files) = firstGridFiles(arm, where: { $0 == "samples.png" }), let file = files.first else {
        return nil
      }
      return picture(file, caption: "\(arm.label), seed \(seed): the first samples.")
    }
    if !sheets.isEmpty {
      body += folded("More samples of each arm", .element("div", ["class": "columns"], .joined(sheets)))
    }
    return body
  }

  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  func folded(_ title: String, _ content: HTML) -> HTML {
    .element("details", [:], .element("summary", [:], .text(title)), content)
  }

  /// Rows of pictures whose lettering is the page's, so that it stays readable on a narrow screen.
  func strips(_ rows: PictureRows, scale: Int = 4) -> HTML {
    let columns = max(1, rows.columns)
    var body: [HTML] = []
    let width = rows.rows.lazy.compactMap { $0.strip(columns: columns, scale: scale) }.first?.width ?? 0
    if !rows.heads.isEmpty {
      let heads = rows.heads.map { HTML.element("span", [:], .text($0)) }
      body.append(
        .element(
          "div", ["class": "strip"], .element("div", [:]),
          .element(
            "div", ["class": "heads", "style": "grid-template-columns:repeat(\(columns),1fr);max-width:\(width)px"],
            .joined(heads))))
    }
    for (index, row) in rows.rows.enumerated() {
      let label = HTML.element(
        "div", [:], row.label.isEmpty ? .empty : .element("b", [:], .text(row.label)),
        row.detail.isEmpty ? .empty : .element("span", [:], .text(row.detail)))
      let content: HTML
      if let strip = row.strip(columns: columns, scale: scale) {
        let source = "data:image/png;base64," + Data(strip.png()).base64EncodedString()
        content = .void(
          "img",
          [
            "src": source, "alt": "\(row.label) \(row.detail)", "width": "\(strip.width)", "height": "\(strip.height)",
          ])
      } else {
        content = .element("div", ["class": "none"], .text(row.note))
      }
      let style = row.startsGroup && index > 0 ? "strip group" : "strip"
      body.append(.element("div", ["class": style], label, .element("div", [:], content)))
    }
    return .element("figure", [:], .element("div", ["class": "strips"], .joined(body)))
  }
}
