/// How samples come to be: one row for each sample, one column for each stage, from noise to picture or from the first
/// evaluation to the last.
package struct FilmStrip: Sendable {
  /// What stands above the columns, such as "t = 800" or "40 %".
  package var stages: [String]
  /// One array a sample, each with one picture a stage.
  package var samples: [[Picture]]
  /// What stands at the left of each row, or none.
  package var labels: [String]
  package var title: String
  package var subtitle: String
  package var scale: Int?

  package init(
    stages: [String], samples: [[Picture]], labels: [String] = [], title: String = "", subtitle: String = "",
    scale: Int? = nil
  ) {
    precondition(
      samples.allSatisfy { $0.count == stages.count }, "each row of a film strip needs \(stages.count) pictures")
    precondition(
      labels.isEmpty || labels.count == samples.count, "a film strip needs one label a row or none")
    self.stages = stages
    self.samples = samples
    self.labels = labels
    self.title = title
    self.subtitle = subtitle
    self.scale = scale
  }

  /// The strip drawn on white.
  package func picture() -> Picture {
    PictureTable(
      title: title, subtitle: subtitle, heads: stages,
      rows: samples.enumerated().map { index, cells in
        PictureTable.Row(label: labels.isEmpty ? "" : labels[index], cells: cells)
      },
      scale: scale
    ).picture()
  }

  /// The strip as a film: all samples side by side on each frame, the stage's name above them.
  package func animation(columns: Int? = nil, delay: Int = 12, lastDelay: Int = 200) -> GIFAnimation {
    precondition(!samples.isEmpty && !stages.isEmpty, "a film needs at least one sample and one stage")
    let sheets = stages.indices.map { stage in
      SampleSheet(samples.map { $0[stage] }, columns: columns, title: title, subtitle: stages[stage], scale: scale)
        .picture()
    }
    // The stages' names may differ in width; the frames of a film may not.
    let width = sheets.map(\.width).max() ?? 1
    let height = sheets.map(\.height).max() ?? 1
    let frames = sheets.map { sheet in
      var frame = Picture(width: width, height: height)
      frame.place(sheet, x: 0, y: 0)
      return frame
    }
    return GIFAnimation(frames: frames, delay: delay, lastDelay: lastDelay)
  }
}
