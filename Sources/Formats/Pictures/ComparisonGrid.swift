/// The picture that answers "which looks better": one row for each arm, with its name at the left.
///
/// Columns are fixed places (the same index, class or caption in every row); nothing in here picks pictures.
public struct ComparisonGrid: Sendable {
  public struct Row: Sendable {
    /// The arm's name, or "real".
    public var label: String
    /// A paler second line, such as a figure.
    public var detail: String
    /// All of one size; a row may be shorter than others.
    public var pictures: [Picture]
    /// What to write where the row has no pictures, such as "failed at step 1,200".
    public var note: String
    /// Whether a thin line sets this row apart from the one above.
    public var startsGroup: Bool

    public init(
      _ label: String, detail: String = "", pictures: [Picture], note: String = "no samples", startsGroup: Bool = false
    ) {
      self.label = label
      self.detail = detail
      self.pictures = pictures
      self.note = note
      self.startsGroup = startsGroup
    }
  }

  public var title: String
  public var subtitle: String
  /// Texts above the columns, or none.
  public var heads: [String]
  public var rows: [Row]
  public var footnote: String
  /// How many pixels along each side show one; nil chooses cells of about 88.
  public var scale: Int?

  public init(
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
  public func picture() -> Picture {
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
