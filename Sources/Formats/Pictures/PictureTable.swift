/// Pictures in rows and columns with a title, column heads and row labels; what all sheets are laid out by.
///
/// Every text is measured before anything is placed: labels break over lines, rows and columns grow to what stands in
/// them, and the canvas to the widest line. So nothing is cut.
struct PictureTable {
  struct Row {
    var label = ""
    /// A second, paler text below the label.
    var detail = ""
    var cells: [Picture]
    /// What to write across the row where it has no cells.
    var note = ""
    /// Whether some air and a thin line set this row apart from the one above.
    var startsGroup = false
  }

  var title = ""
  var subtitle = ""
  var heads: [String] = []
  var rows: [Row]
  var footnote = ""
  /// How many pixels a cell's pixel takes along each side; nil chooses so that cells are about 88 high.
  var scale: Int?

  private static let margin = 28
  private static let gap = 4
  private static let groupGap = 17
  private static let labelGap = 18
  private static let widestLabel = 210
  private static let leastTextWidth = 420
  private static let titleStyle = Lettering.Style(size: 22, isBold: true)
  private static let subtitleStyle = Lettering.Style(size: 14, colour: Colour(grey: 95))
  private static let headStyle = Lettering.Style(size: 13, colour: Colour(grey: 60))
  private static let labelStyle = Lettering.Style(size: 16, isBold: true)
  private static let detailStyle = Lettering.Style(size: 13, colour: Colour(grey: 110))
  private static let ruleColour = Colour(grey: 205)
  private static let emptyColour = Colour(grey: 243)

  /// Some lines in one style.
  private struct Text {
    var lines: [String]
    var style: Lettering.Style
    var width: Int

    init(_ text: String, _ style: Lettering.Style, width: Int, _ lettering: Lettering) {
      lines = text.isEmpty ? [] : lettering.lines(of: text, style: style, width: width)
      self.style = style
      self.width = lines.map { lettering.width(of: $0, style: style) }.max() ?? 0
    }

    var height: Int { lines.count * style.lineHeight }

    /// Draws the lines one below the other and gives the place below them.
    @discardableResult
    func draw(on canvas: inout Picture, x: Int, y: Int, _ lettering: Lettering, centredIn span: Int? = nil) -> Int {
      var y = y
      for line in lines {
        let indent = span.map { ($0 - lettering.width(of: line, style: style)) / 2 } ?? 0
        lettering.draw(line, on: &canvas, x: x + indent, y: y, style: style)
        y += style.lineHeight
      }
      return y
    }
  }

  /// All measures, in pixels of the canvas.
  private struct Layout {
    var scale: Int
    var cell: (width: Int, height: Int)
    var columns: Int
    var pitch: Int
    var labels: [(label: Text, detail: Text)]
    var labelWidth: Int
    var heads: [Text]
    var title: Text
    var subtitle: Text
    var footnote: Text
    var rowHeights: [Int]
    /// What to write across rows without cells, one for each row.
    var notes: [Text]

    var headHeight: Int { heads.map(\.height).max() ?? 0 }
    /// From the left margin to the first cell.
    var indent: Int { labelWidth.nonzero { $0 + PictureTable.labelGap } }
    var cellsWidth: Int { columns * pitch - PictureTable.gap }
    /// A note in a narrow table may be wider than its cells.
    var tableWidth: Int { indent + max(cellsWidth, (notes.map(\.width).max() ?? 0).nonzero { $0 + 24 }) }
  }

  func picture(lettering: Lettering = Lettering()) -> Picture {
    let layout = measure(lettering)
    let margin = Self.margin
    let textWidth = [layout.title, layout.subtitle, layout.footnote].map(\.width).max() ?? 0
    let titles = layout.title.height + layout.subtitle.height
    let above = titles.nonzero { $0 + 16 } + layout.headHeight.nonzero { $0 + 6 }
    let groups = rows.indices.count { startsGroup($0) }
    let table = layout.rowHeights.reduce(0, +) + (rows.count - 1) * Self.gap + groups * Self.groupGap
    let below = layout.footnote.height.nonzero { $0 + 14 }
    var canvas = Picture(
      width: 2 * margin + max(layout.tableWidth, textWidth), height: 2 * margin + above + table + below)

    var y = layout.title.draw(on: &canvas, x: margin, y: margin, lettering)
    layout.subtitle.draw(on: &canvas, x: margin, y: y, lettering)
    y = margin + above
    for (column, head) in layout.heads.enumerated() {
      // Heads stand on the cells, so that short ones are not far above them.
      head.draw(
        on: &canvas, x: margin + layout.indent + column * layout.pitch, y: y - 6 - head.height, lettering,
        centredIn: layout.pitch - Self.gap)
    }
    for index in rows.indices {
      if startsGroup(index) {
        canvas.fill(
          x: margin, y: y - Self.gap + Self.groupGap / 2 + 2, width: layout.tableWidth, height: 1, Self.ruleColour)
        y += Self.groupGap
      }
      draw(index, layout, on: &canvas, y: y, lettering)
      y += layout.rowHeights[index] + Self.gap
    }
    layout.footnote.draw(on: &canvas, x: margin, y: y - Self.gap + 14, lettering)
    return canvas
  }

  private func startsGroup(_ row: Int) -> Bool {
    row > 0 && rows[row].startsGroup
  }

  private func measure(_ lettering: Lettering) -> Layout {
    let pictures = rows.flatMap(\.cells)
    let scale = scale ?? Self.naturalScale(height: pictures.map(\.height).max() ?? 88)
    let cell = ((pictures.map(\.width).max() ?? 28) * scale, (pictures.map(\.height).max() ?? 28) * scale)
    let labels = rows.map { row in
      (
        label: Text(row.label, Self.labelStyle, width: Self.widestLabel, lettering),
        detail: Text(row.detail, Self.detailStyle, width: Self.widestLabel, lettering)
      )
    }
    let heads = heads.map { Text($0, Self.headStyle, width: max(cell.0, 56), lettering) }
    let columns = max(1, heads.count, rows.map(\.cells.count).max() ?? 0)
    let headWidth = heads.map(\.width).max() ?? 0
    let pitch = max(cell.0, headWidth.nonzero { $0 + 6 }) + Self.gap
    let labelWidth = labels.map { max($0.label.width, $0.detail.width) }.max() ?? 0
    let cellsWidth = columns * pitch - Self.gap
    let tableWidth = labelWidth.nonzero { $0 + Self.labelGap } + cellsWidth
    let textWidth = max(tableWidth, Self.leastTextWidth)
    let notes = rows.map { row in
      Text(row.cells.isEmpty ? row.note : "", Self.detailStyle, width: max(cellsWidth - 24, 120), lettering)
    }
    return Layout(
      scale: scale, cell: cell, columns: columns, pitch: pitch, labels: labels, labelWidth: labelWidth, heads: heads,
      title: Text(title, Self.titleStyle, width: textWidth, lettering),
      subtitle: Text(subtitle, Self.subtitleStyle, width: textWidth, lettering),
      footnote: Text(footnote, Self.detailStyle, width: textWidth, lettering),
      rowHeights: zip(labels, notes).map { max(cell.1, $0.label.height + $0.detail.height, $1.height) },
      notes: notes)
  }

  private func draw(_ index: Int, _ layout: Layout, on canvas: inout Picture, y: Int, _ lettering: Lettering) {
    let row = rows[index]
    let height = layout.rowHeights[index]
    let (label, detail) = layout.labels[index]
    let textTop = y + (height - label.height - detail.height) / 2
    let detailTop = label.draw(on: &canvas, x: Self.margin, y: textTop, lettering)
    detail.draw(on: &canvas, x: Self.margin, y: detailTop, lettering)

    let left = Self.margin + layout.indent
    let top = y + (height - layout.cell.height) / 2
    guard !row.cells.isEmpty else {
      let width = layout.tableWidth - layout.indent
      canvas.fill(x: left, y: y, width: width, height: height, Self.emptyColour)
      let note = layout.notes[index]
      note.draw(on: &canvas, x: left, y: y + (height - note.height) / 2, lettering, centredIn: width)
      return
    }
    for (column, cell) in row.cells.enumerated() {
      let picture = cell.enlarged(by: layout.scale)
      canvas.place(
        picture, x: left + column * layout.pitch + (layout.pitch - Self.gap - picture.width) / 2,
        y: top + (layout.cell.height - picture.height) / 2)
    }
  }

  /// The whole factor that brings pictures of this height nearest to 88 pixels.
  static func naturalScale(height: Int) -> Int {
    max(1, (88 + height / 2) / max(1, height))
  }
}

extension Int {
  /// Zero stays zero; other numbers are changed.
  fileprivate func nonzero(_ change: (Int) -> Int) -> Int {
    self == 0 ? 0 : change(self)
  }
}
