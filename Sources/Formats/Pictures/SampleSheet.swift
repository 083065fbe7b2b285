import Algorithms

/// Many pictures in a plain grid, filled row by row.
public struct SampleSheet: Sendable {
  /// Row by row; all of one size.
  public var pictures: [Picture]
  /// Pictures in a row.
  public var columns: Int
  /// A bold line above; empty for none.
  public var title: String
  /// Plain lines under the title; empty for none.
  public var subtitle: String
  /// Small lines below; empty for none.
  public var footnote: String
  /// How many pixels along each side show one; nil chooses cells of about 88.
  public var scale: Int?

  /// - Parameter columns: nil chooses a sheet that is somewhat wider than high
  public init(
    _ pictures: [Picture], columns: Int? = nil, title: String = "", subtitle: String = "", footnote: String = "",
    scale: Int? = nil
  ) {
    precondition(columns ?? 1 > 0, "a sheet needs at least one column")
    self.pictures = pictures
    self.columns = columns ?? Self.naturalColumns(pictures.count)
    self.title = title
    self.subtitle = subtitle
    self.footnote = footnote
    self.scale = scale
  }

  /// The sheet drawn on white.
  public func picture() -> Picture {
    PictureTable(
      title: title, subtitle: subtitle,
      // A sheet of nothing still has a row, which says so.
      rows: (pictures.isEmpty ? [[]] : pictures.chunks(ofCount: columns).map(Array.init)).map {
        PictureTable.Row(cells: $0, note: "no pictures")
      },
      footnote: footnote, scale: scale
    ).picture()
  }

  /// 1 → 1, 4 → 2, 8 → 4, 16 → 4, 64 → 8, 100 → 10: the least whole divisor from the root up, if it is near.
  private static func naturalColumns(_ count: Int) -> Int {
    let root = max(1, Int(Double(count).squareRoot().rounded(.up)))
    return (root...2 * root).first { count.isMultiple(of: $0) } ?? root
  }
}
