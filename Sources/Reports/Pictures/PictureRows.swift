import LineupDatasets
import LineupFormats

/// A row of small pictures with what stands beside it.
struct PictureRow {
  var label: String
  var detail: String
  var pictures: [Picture]
  /// What to say where there is no picture.
  var note: String
  var startsGroup: Bool

  init(
    _ label: String, detail: String = "", pictures: [Picture], note: String = "no samples", startsGroup: Bool = false
  ) {
    self.label = label
    self.detail = detail
    self.pictures = pictures
    self.note = note
    self.startsGroup = startsGroup
  }
}

/// Rows of pictures that become a PNG file with its lettering, or rows of a page whose lettering is the page's.
struct PictureRows {
  var title: String
  var subtitle: String
  var heads: [String] = []
  var rows: [PictureRow]

  /// The rows as one picture.
  var grid: ComparisonGrid {
    ComparisonGrid(
      title: title, subtitle: subtitle, heads: heads,
      rows: rows.map {
        ComparisonGrid.Row(
          $0.label, detail: $0.detail, pictures: $0.pictures, note: $0.note, startsGroup: $0.startsGroup)
      })
  }

  /// The number of pictures in the longest row.
  var columns: Int { max(heads.count, rows.map(\.pictures.count).max() ?? 0) }
}

extension PictureRow {
  /// The row's pictures side by side without lettering, each enlarged, with a gap between them; nil without pictures.
  ///
  /// - Parameter columns: the width of the strip in pictures; what this row has fewer is white.
  func strip(columns: Int, scale: Int, gap: Int = 6) -> Picture? {
    guard let first = pictures.first else { return nil }
    let (width, height) = (first.width * scale, first.height * scale)
    var strip = Picture(width: max(1, columns * (width + gap) - gap), height: height)
    for (column, picture) in pictures.enumerated() {
      strip.place(picture.enlarged(by: scale), x: column * (width + gap), y: 0)
    }
    return strip
  }
}
