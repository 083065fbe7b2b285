import LineupMeasurements
import LineupSupport

/// What may be said about an arm's sharpness: a difference counts only beyond what two sets of real images differ by, and
/// "sharper" only where the noise is not larger.
struct SharpnessReading {
  enum Structure: Equatable {
    case less, alike, more
  }

  /// The variance of the Laplacian over that of real images.
  let ratio: Double
  /// The noise estimate over that of real images; nil where one of them was not measured.
  let noiseRatio: Double?
  /// How much fine structure there is, be it detail or noise.
  let structure: Structure
  /// Whether the noise guard lets structure count as detail.
  let isQuiet: Bool

  /// Two sets of real images differ by 2 to 5 %.
  static let margin = 0.05

  /// Nil where the arm has no measured sharpness.
  init?(_ arm: String, _ summary: StudySummary) {
    guard let ratio = summary.row(arm, .laplacianRatio)?.iqm else { return nil }
    let noise = summary.row(arm, .noise)?.iqm
    let real = summary.row(StudySummary.real, .noise)?.iqm
    self.init(ratio: ratio, noiseRatio: noise.flatMap { noise in real.flatMap { $0 > 0 ? noise / $0 : nil } })
  }

  init(ratio: Double, noiseRatio: Double?) {
    self.ratio = ratio
    self.noiseRatio = noiseRatio
    structure =
      switch ratio {
      case ..<(1 - Self.margin): .less
      case ...(1 + Self.margin): .alike
      default: .more
      }
    // Without a noise estimate there is no saying that it is not noise.
    isQuiet = noiseRatio.map { $0 <= 1 + Self.margin } ?? false
  }

  /// A clause about the arm against real images.
  var sentence: String {
    let share = Self.multiple(ratio)
    let noise = noiseRatio.map { "the noise is \(Self.multiple($0)) theirs" } ?? "the noise is not known"
    switch (structure, isQuiet) {
    case (.less, true): return "smoother than real images (Laplacian variance \(share) theirs)"
    case (.less, false):
      return noiseRatio == nil
        ? "smoother than real images (Laplacian variance \(share) theirs)"
        : "smoother than real images (Laplacian variance \(share) theirs), and noisier: \(noise)"
    case (.alike, true): return "about as sharp as real images (Laplacian variance \(share) theirs)"
    case (.alike, false):
      return
        "with as much fine structure as real images (Laplacian variance \(share) theirs), but part of it may be "
        + "noise: \(noise)"
    case (.more, true):
      return "sharper than real images by this measure (Laplacian variance \(share) theirs), and not noisier"
    case (.more, false):
      return "with more fine structure than real images (Laplacian variance \(share) theirs), which is not called "
        + "sharper, for \(noise)"
    }
  }

  /// `81 % of`, `4.4 times`.
  private static func multiple(_ ratio: Double) -> String {
    ratio < 2 ? NumberText.percent(ratio) + " of" : NumberText.significant((ratio * 10).rounded() / 10) + " times"
  }

  /// The same in a few words, for a table.
  var words: String {
    let structure =
      switch structure {
      case .less: "smoother than real"
      case .alike: isQuiet ? "as sharp as real" : "as much structure as real"
      case .more: isQuiet ? "sharper than real" : "more structure than real"
      }
    // Less structure than real images needs no guard.
    if isQuiet || (self.structure == .less && noiseRatio == nil) { return structure }
    return structure + (noiseRatio == nil ? ", noise unknown" : ", noisier")
  }
}
