/// The picture that answers "which looks better": one row for each arm, with its name at the left.
///
/// Columns are fixed places (the same index, class or caption in every row); nothing in here picks pictures.
package struct ComparisonGrid: Sendable {
  package struct Row: Sendable {
    /// The arm's name, or "real".
    package var label: String
    /// A paler second line, such as a figure.
    package var detail: String
    /// All of one size; a row may be shorter than others.
    package var pictures: [Picture]
    /// What to write where the row has no pictures, such as "failed at step 1,200".
    package var note: String
    /// Whether a thin line sets this row apart from the one above.
    package var startsGroup: Bool

    package init(
      _ label: String, detail: String = "", pictures: [Picture], note: String = "no samples", startsGroup: Bool = false
    ) {
      self.label = label
      self.detail = detail
      self.pictures = pictures
      self.note = note
      self.startsGroup = startsGroup
    }
  }

  package var title: String
  package var subtitle: String
  /// Texts above the columns, or none.
  package var heads: [String]
  package var rows: [Row]
  package var footnote: String
  /// How many pixels along each side show one; nil chooses cells of about 88.
  package var scale: Int?

  package init(
    title: String = "", subtitle: String = "", heads: [String] = [], rows: [Row], footnote: String = "",
    scale: Int? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.heads = heads
    self.rows = rows
    self.footnote = footnote
    self.scale = scale
  }

  /// The grid drawn on white.
  package func picture() -> Picture {
    PictureTable(
      title: title, subtitle: subtitle, heads: heads,
      rows: rows.map { row in
        PictureTable.Row(
          label: row.label, detail: row.detail, cells: row.pictures, note: row.note, startsGroup: row.startsGroup)
      },
      footnote: footnote, scale: scale
    ).picture()
  }
}
