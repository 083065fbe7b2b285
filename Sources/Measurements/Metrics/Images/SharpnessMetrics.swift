import Foundation

/// How much fine structure images have, be it detail or noise. Real images have a value of each; more is not better.
extension Metric {
  private static let looksLikeSharpness =
    "Noise and contrast look like sharpness: an image blurred by one pixel and then given noise of 0.05 has six times the "
    + "Laplacian variance of the blurred one."
  private static let band = "above 0.5, Hann"

  /// The variance of the Laplacian.
  package static let laplacianVariance = Metric(
    "varlap", title: "variance of the Laplacian", direction: .near(nil), section: .sharpness, space: .pixels,
    meaning: "Variance of an image after the 4-neighbour Laplacian, mean over images. White noise of deviation s gives "
      + "20 s².", traps: looksLikeSharpness, shownIn: [],
    method: .images { Reading($0.sharpness.laplacianVariance) })

  /// The variance of the Laplacian over that of real images.
  package static let laplacianRatio = Metric(
    "varlap_ratio", title: "variance of the Laplacian over that of real images", head: "sharpness",
    axis: "Laplacian variance / real", direction: .near(1), section: .sharpness, space: .pixels,
    needs: [.realImages, .structureInRealImages],
    meaning:
      "Variance of the Laplacian over that of real images. Below 1 the samples are smoother than real ones; above 1 "
      + "they have more fine structure, which may be detail or noise.",
    traps: looksLikeSharpness + " Two sets of real images differ by 2 to 5 %.",
    method: .images { evidence in
      Reading(
        evidence.sharpness.laplacianVariance / evidence.reference.sharpness.laplacianVariance,
        realCount: evidence.comparedSharpnessCount, note: "1 is like real images")
    })

  /// The mean squared Sobel gradient.
  package static let tenengrad = Metric(
    "tenengrad", title: "mean squared gradient", direction: .near(nil), section: .sharpness, space: .pixels,
    meaning: "Mean squared Sobel gradient. White noise of deviation s gives 24 s².",
    traps: "It resists noise better than the Laplacian does, but not contrast.", shownIn: [],
    method: .images { Reading($0.sharpness.tenengrad) })

  /// The share of power at high frequencies.
  package static let highFrequencyShare = Metric(
    "hfer", title: "share of power at high frequencies", direction: .near(nil), section: .sharpness, space: .pixels,
    needs: [.structure],
    meaning:
      "Share of the power above half the highest spatial frequency, after a two-dimensional Hann window, without "
      + "which the wrap-around at the borders fills all frequencies.",
    traps: "Noise raises it, and so do the checkerboards of transposed convolutions.", shownIn: [],
    method: .images { Reading($0.sharpness.highFrequencyShare, parameters: band) })

  /// The logarithm of the ratio of high-frequency power to that of real images.
  package static let highFrequencyRatio = Metric(
    "lhf", title: "log-ratio of high-frequency power to that of real images", head: "HF power",
    axis: "ln(high-frequency power / real)", direction: .near(0), section: .sharpness, space: .pixels,
    needs: [.realImages, .structureInRealImages, .structure],
    meaning:
      "Natural logarithm of the power at high spatial frequencies over that of real images: −0.7 is half of it, 0.7 "
      + "twice.",
    traps: "It is not divided by the total power, so contrast shows in it; noise and checkerboards count as high "
      + "frequencies.",
    method: .images { evidence in
      Reading(
        log(evidence.sharpness.highFrequencyPower / evidence.reference.sharpness.highFrequencyPower),
        realCount: evidence.comparedSharpnessCount, parameters: band, note: "0 is like real images")
    })

  /// The blur effect with a box of 11 pixels.
  package static let blurEffect11 = blurEffect(
    "blur11", box: 11, head: "blur effect", traps: "For images of 28 to 32 pixels the box of 3 is the telling one.",
    shownIn: [.guide]
  ) { $0.blurEffect11 }

  /// The blur effect with a box of 3 pixels.
  package static let blurEffect3 = blurEffect("blur3", box: 3) { $0.blurEffect3 }

  private static func blurEffect(
    _ name: String, box: Int, head: String? = nil, traps: String = "", shownIn places: Places = [],
    _ value: @escaping @Sendable (SharpnessProfile) -> Double
  ) -> Metric {
    Metric(
      name, title: "blur effect, box \(box)", head: head, direction: .near(nil), section: .sharpness, space: .pixels,
      needs: [.structure],
      meaning:
        "How little a further blur with a box of \(box) pixels would change the gradients: 0 is sharp, 1 is blurred "
        + "(Crété et al. 2007).", traps: traps, shownIn: places,
      method: .images { Reading(value($0.sharpness), parameters: "box=\(box)") })
  }

  /// An estimate of the noise, which guards the sharpness.
  package static let noise = Metric(
    "noise_sigma", title: "noise estimate", head: "noise", axis: "noise (white is 1)", direction: .near(nil),
    section: .sharpness, space: .pixels,
    meaning:
      "Estimated pixel noise on a scale where white is 1 (Immerkær 1996): what neither edges nor slopes explain. It "
      + "guards the sharpness: samples count as sharper only where this is not larger too.",
    traps: "Fine texture counts as noise; real images have some.", shownIn: [.table, .guide, .curve],
    method: .images { Reading($0.sharpness.noiseDeviation) })
}

extension ImageEvidence {
  /// How many real images the real side of the sharpness stands on.
  fileprivate var comparedSharpnessCount: Int {
    min(reference.realFeatures.rows, MeasurementReference.sharpnessCount)
  }
}
