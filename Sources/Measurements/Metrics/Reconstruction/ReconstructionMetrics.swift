/// How well images survive a family's own encoder and decoder.
extension Metric {
  /// The peak signal-to-noise ratio.
  package static let reconstructionSignal = reconstruction(
    "reconstruction_psnr", title: "peak signal-to-noise ratio of reconstructions", unit: "dB",
    meaning: "Peak signal-to-noise ratio of reconstructions, mean over images, at most 100.",
    traps: "It likes blur: the mean of all possible images has the best one."
  ) { $0.peakSignalToNoise }

  /// The structural similarity.
  package static let reconstructionSimilarity = reconstruction(
    "reconstruction_ssim", title: "structural similarity of reconstructions",
    meaning: "Structural similarity with the 11-pixel Gaussian window (Wang et al. 2004): 1 for equal images.",
    traps: "On images of 28 pixels the window sees a seventh of the image at once."
  ) { $0.structuralSimilarity }

  private static func reconstruction(
    _ name: String, title: String, unit: String = "1", meaning: String, traps: String,
    _ value: @escaping @Sendable (ReconstructionScores) -> Double
  ) -> Metric {
    Metric(
      name, title: title, unit: unit, direction: .higher, section: .reconstruction, needs: [.encoder, .realImages],
      meaning: meaning, traps: traps, shownIn: [], method: .reconstruction(value))
  }
}
