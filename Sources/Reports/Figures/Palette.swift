/// Colours that people with any colour vision tell apart (Okabe and Ito 2008). An arm has the same one everywhere.
enum Palette {
  private static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1"]
  /// Real images, axes and references.
  static let real = "#222222"
  static let pale = "#9AA0A6"

  /// The colour of the arm with this place in the specification.
  static func colour(_ place: Int) -> String { colours[place % colours.count] }

  /// gnuplot's dash type: solid while the colours last.
  static func dash(_ place: Int) -> Int { 1 + place / colours.count }
}
